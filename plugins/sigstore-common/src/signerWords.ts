import { NamedSigner, PROVIDERS } from './identityProviders';

export type { NamedSigner } from './identityProviders';

const USERNAME = /^([^!\s]+)!([A-Za-z0-9.-]+)$/;
const KEY = /^sha256:[0-9a-f]{64}$/;

/**
 * A name people know for an OIDC issuer; the issuer itself where there is none.
 *
 * @public
 */
export function issuerName(issuer: string): string {
  return providerOf(issuer)?.name ?? issuer;
}

/**
 * Says an identity in words: "release.yml in acme/checkout" for a GitHub
 * workflow. Words need an issuer that vouches for identities of this form; any
 * other identity is said as it is, so that nobody's issuer can make its own
 * read like somebody else's.
 *
 * @public
 */
export function identityWords(signer: NamedSigner): string {
  const { identity, issuer } = signer;
  if (isKey(signer)) return `public key ${identity.slice(0, 19)}…`;
  for (const [pattern, words] of providerOf(issuer)?.identities ?? []) {
    const match = pattern.exec(identity);
    if (match) return words(match.slice(1), signer);
  }
  return usernameWords(signer) ?? identity;
}

/**
 * Says a signer in words, for a card: "release.yml in acme/checkout (GitHub
 * Actions)".
 *
 * @public
 */
export function signerWords(signer: NamedSigner): string {
  const words = identityWords(signer);
  return isKey(signer) ? words : `${words} (${issuerName(signer.issuer)})`;
}

function providerOf(issuer: string) {
  for (const provider of PROVIDERS) {
    if (typeof provider.issuer === 'string') {
      if (provider.issuer === issuer) {
        return { name: provider.name([]), identities: provider.identities };
      }
    } else {
      const match = provider.issuer.exec(issuer);
      if (match) {
        const { name, identities } = provider;
        return { name: name(match.slice(1)), identities };
      }
    }
  }
  return undefined;
}

function isKey({ issuer, identity, identityType }: NamedSigner): boolean {
  return (
    issuer === '' &&
    KEY.test(identity) &&
    (identityType === undefined || identityType === 'public-key')
  );
}

/**
 * Fulcio's usernames, `user!domain`: the issuer speaks for its own domain and
 * for those above it, and for no other.
 */
function usernameWords({
  issuer,
  identity,
  identityType,
}: NamedSigner): string | undefined {
  if (identityType !== 'other-name') return undefined;
  const [, user, domain] = USERNAME.exec(identity) ?? [];
  const [, host = ''] =
    /^https:\/\/([A-Za-z0-9.-]+)(?:\/|$)/.exec(issuer) ?? [];
  const isOwnDomain = host === domain || host.endsWith(`.${domain}`);
  return domain?.includes('.') && isOwnDomain
    ? `${user} of ${domain}`
    : undefined;
}
