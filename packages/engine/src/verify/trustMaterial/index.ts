export { CachedCertificate } from './CachedCertificate';
export { cachedTrustMaterial } from './cachedTrustMaterial';
