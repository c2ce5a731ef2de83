import seeds from '@sigstore/tuf/seeds.json';

const MIRROR = 'https://tuf-repo-cdn.sigstore.dev';

/**
 * The trusted root of the public Sigstore instance as it was when the library
 * was published: the default that needs no network. Give it to
 * `loadTrustedRoot`.
 *
 * @public
 */
export function publicGoodTrustedRoot(): unknown {
  const encoded = seeds[MIRROR].targets['trusted_root.json'];
  return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
}
