import seeds from '@sigstore/tuf/seeds.json';

/**
 * Where the public Sigstore instance publishes its trusted root.
 *
 * @public
 */
export const PUBLIC_GOOD_MIRROR = 'https://tuf-repo-cdn.sigstore.dev';

/**
 * Name of the target that holds a trusted root, in every Sigstore instance.
 *
 * @public
 */
export const TRUSTED_ROOT_TARGET = 'trusted_root.json';

/**
 * The root metadata of the public Sigstore instance that comes with the
 * library: what its repository is first trusted by. Newer ones are reached
 * from it, each signed by the one before.
 *
 * @public
 */
export function publicGoodTufRoot(): string {
  const encoded = seeds[PUBLIC_GOOD_MIRROR]['root.json'];
  return Buffer.from(encoded, 'base64').toString('utf8');
}
