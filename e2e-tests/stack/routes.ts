import type { Route } from './front.ts';
import { addressOf, names } from './names.ts';
import type { Ports } from './servicePlans.ts';
import { keySet } from './tokens.ts';

/**
 * What each name of the stack leads to: the processes, and the documents that
 * the identity issuers publish (OpenID Connect Discovery 1.0).
 */
export function routes(ports: Ports, issuerKey: string): Record<string, Route> {
  const issuer = (address: string): Route => ({
    documents: {
      '/.well-known/openid-configuration': {
        issuer: address,
        jwks_uri: `${address}/.well-known/jwks`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      },
      '/.well-known/jwks': keySet(issuerKey),
    },
  });
  return {
    [names.workflowIssuer]: issuer(addressOf('workflowIssuer')),
    [names.personIssuer]: issuer(addressOf('personIssuer')),
    [names.fulcio]: { port: ports.fulcio },
    [names.ctLog]: { port: ports.ct },
    [names.rekor]: { port: ports.rekor },
    [names.timestamp]: { port: ports.tsa },
    [names.registry]: { port: ports.registry },
  };
}
