import type { Route } from './front.ts';
import { addressOf, names } from './names.ts';
import type { Ports } from './servicePlans.ts';
import { keySet } from './tokens.ts';

const issuers = [
  'workflowIssuer',
  'personIssuer',
  'pipelineIssuer',
  'clusterIssuer',
  'spireIssuer',
  'usernameIssuer',
] as const;

/**
 * What each name of the stack leads to: the processes, and the documents that
 * the identity issuers publish (OpenID Connect Discovery 1.0).
 */
export function routes(ports: Ports, issuerKey: string): Record<string, Route> {
  const issuer = (address: string): Route => {
    const below = new URL(address).pathname.replace(/\/$/, '');
    return {
      documents: {
        [`${below}/.well-known/openid-configuration`]: {
          issuer: address,
          jwks_uri: `${address}/.well-known/jwks`,
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        },
        [`${below}/.well-known/jwks`]: keySet(issuerKey),
      },
    };
  };
  return {
    ...Object.fromEntries(
      issuers.map(name => [names[name], issuer(addressOf(name))]),
    ),
    [names.fulcio]: { port: ports.fulcio },
    [names.ctLog]: { port: ports.ct },
    [names.rekor]: { port: ports.rekor },
    [names.timestamp]: { port: ports.tsa },
    [names.registry]: { port: ports.registry },
    [names.rekorV1]: { port: ports.rekorV1 },
    [names.distribution]: { port: ports.distribution },
    [names.s3]: { port: ports.s3 },
    [names.tuf]: { port: ports.tuf },
  };
}
