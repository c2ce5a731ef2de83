export { CachedCertificate } from './CachedCertificate';
export { cachedTrustMaterial } from './cachedTrustMaterial';
export { readDer } from './readDer';
