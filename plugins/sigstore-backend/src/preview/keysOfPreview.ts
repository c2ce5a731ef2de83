import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  LoadedPolicies,
  VerificationProfile,
  keysOf,
} from '@cloudythings/sigstore-engine';
import { createHash, createPublicKey } from 'node:crypto';
import { Judgeable } from '../flow/judgeReference';

type Keys = {
  /** Those in force, by the name of the trusted root. */
  inForce: Map<string, Set<string>>;
  /** Those that the previewed policies name. */
  previewed: Map<string, Set<string>>;
};

/**
 * Public keys are part of a trusted root, and policies name them: other policies
 * are other keys. This compares both, by digest.
 */
export function keysOfPreview(
  { policies, distrusts }: Pick<LoadedPolicies, 'policies' | 'distrusts'>,
  profiles: VerificationProfile[],
): Keys {
  const documents = [...policies, ...distrusts];
  return {
    inForce: new Map(
      profiles.map(({ name, material }) => [
        name,
        new Set(material.keys.map(({ digest }) => digest)),
      ]),
    ),
    previewed: new Map(
      profiles.map(({ name }) => [
        name,
        new Set(keysOf(documents, name).map(digestOf)),
      ]),
    ),
  };
}

function digestOf(pem: string): string {
  const der = createPublicKey(pem).export({ format: 'der', type: 'spki' });
  return `sha256:${createHash('sha256').update(der).digest('hex')}`;
}

/**
 * What would be known under the previewed keys: evidence of a key that is not
 * among them any more holds no longer, and held before.
 */
export function underPreviewedKeys(item: Judgeable, keys: Keys): Judgeable {
  const { basis } = item;
  const lost = basis.verifications.filter(one => isOfLostKey(one, keys));
  const lostGone = basis.history.gone.some(one => isOfLostKey(one, keys));
  if (lost.length === 0 && !lostGone) return item;
  return {
    ...item,
    basis: {
      ...basis,
      verifications: basis.verifications.map(one =>
        lost.includes(one) ? withoutKey(one) : one,
      ),
      history: {
        ...basis.history,
        gone: basis.history.gone.filter(one => !isOfLostKey(one, keys)),
        formerlySound: [
          ...basis.history.formerlySound,
          ...lost.map(({ evidenceDigest, trustedRoot }) => ({
            evidenceDigest,
            trustedRoot,
          })),
        ],
      },
    },
  };
}

function isOfLostKey(
  { facts, trustedRoot }: Verification,
  { previewed }: Keys,
): boolean {
  return (
    facts?.signer.identityType === 'public-key' &&
    !previewed.get(trustedRoot)?.has(facts.signer.identity)
  );
}

function withoutKey({ facts, ...rest }: Verification): Verification {
  return { ...rest, findings: [{ code: 'key-unknown' }] };
}

/**
 * Whether an artifact has evidence under an unknown key, where the previewed
 * policies bring keys along: only verifying it tells whether it is of those.
 */
export function needsVerification(
  { basis }: Judgeable,
  { inForce, previewed }: Keys,
): boolean {
  return basis.verifications.some(
    ({ trustedRoot, findings }) =>
      findings.some(({ code }) => code === 'key-unknown') &&
      [...(previewed.get(trustedRoot) ?? [])].some(
        key => !inForce.get(trustedRoot)?.has(key),
      ),
  );
}
