import { TrustMaterial } from '@sigstore/verify';
import { CachedCertificate } from './CachedCertificate';

type Authority = TrustMaterial['certificateAuthorities'][number];

/**
 * The library's trust material with certificates that remember. Nothing is
 * left out of it and nothing put in: the library searches, compares dates and
 * decides as it does with its own.
 */
export function cachedTrustMaterial(trust: TrustMaterial): TrustMaterial {
  return {
    ...trust,
    certificateAuthorities: trust.certificateAuthorities.map(withMemory),
    timestampAuthorities: trust.timestampAuthorities.map(withMemory),
  };
}

function withMemory({ certChain, ...authority }: Authority): Authority {
  return {
    ...authority,
    certChain: certChain.map(({ root }) =>
      CachedCertificate.parse(root.toDER()),
    ),
  };
}
