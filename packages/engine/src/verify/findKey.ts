import { FailedCheck } from './FailedCheck';
import { Signature } from './signatureContent';
import { TrustedKey } from './trustedKeys';

/** Most keys that one signature is tried with. */
export const MOST_KEYS = 32;

/**
 * Finds the key that made a signature. The hint in a bundle only says which to
 * try first: it is not signed, and cosign's older layout has none.
 *
 * @param keys - those of the trusted root
 * @param hint - base64 of the SHA-256 digest of the key, as cosign writes it
 * @throws FailedCheck with `key-unknown` when none of them made it,
 *   `signature-invalid` when the one that the hint names did not,
 *   `format-unsupported` when one that could have made it cannot be tried, and
 *   `evidence-over-cap` when not all of them were tried
 */
export function findKey(
  signature: Signature,
  keys: readonly TrustedKey[],
  hint: string,
): TrustedKey {
  const isHinted = ({ digest }: TrustedKey) =>
    digest === `sha256:${Buffer.from(hint, 'base64').toString('hex')}`;
  const hinted = keys.filter(isHinted);
  const tried = [...hinted, ...keys.filter(key => !isHinted(key))].slice(
    0,
    MOST_KEYS,
  );
  const obstacles: string[] = [];
  for (const candidate of tried) {
    const { key } = candidate;
    if (!couldHaveMade(candidate, signature.content.signature)) continue;
    const obstacle = signature.obstacleOf(key);
    if (obstacle) obstacles.push(obstacle);
    else if (signature.content.verifySignature(key)) return candidate;
    else if (signature.unreadForm(key)) return candidate;
  }
  if (obstacles.length > 0) {
    throw new FailedCheck('format-unsupported', obstacles[0]);
  }
  if (hinted.length > 0) {
    throw new FailedCheck(
      'signature-invalid',
      `the key that the evidence names (${hinted[0].digest}) did not make this signature`,
    );
  }
  if (tried.length < keys.length) {
    throw new FailedCheck(
      'evidence-over-cap',
      `the evidence does not say which of ${keys.length} keys made it, and at most ${MOST_KEYS} are tried`,
    );
  }
  throw new FailedCheck(
    'key-unknown',
    keys.length === 0
      ? 'no key is trusted under this trusted root'
      : `made by none of the ${keys.length} keys that are trusted under this trusted root`,
  );
}

/** An Ed25519 signature has its own length; of other keys all can be tried. */
function couldHaveMade({ key }: TrustedKey, signature: Buffer): boolean {
  return key.asymmetricKeyType !== 'ed25519' || signature.length === 64;
}
