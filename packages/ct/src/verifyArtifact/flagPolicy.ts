import { ArtifactKind } from '@cloudythings/backstage-plugin-sigstore-common';
import { PolicyFile, PolicyMistake } from '@cloudythings/sigstore-engine';
import { SIGNER_FLAGS, VerifyFlags } from './flags';

/** Name of the policy that flags are turned into. */
export const FLAG_POLICY = 'command-line';

/** Which flag a field of that policy was written with. */
const FIELDS: [RegExp, string][] = [
  [/subjectRegExp$/, SIGNER_FLAGS.certificateIdentityRegexp],
  [/subject$/, SIGNER_FLAGS.certificateIdentity],
  [/issuerRegExp$/, SIGNER_FLAGS.certificateOidcIssuerRegexp],
  [/issuer$/, SIGNER_FLAGS.certificateOidcIssuer],
  [
    /identities(\[0\]|\.0)$/,
    `${SIGNER_FLAGS.certificateIdentity} and ${SIGNER_FLAGS.certificateOidcIssuer}`,
  ],
  [/\bkey\b/, SIGNER_FLAGS.key],
  [/attestations/, '--predicate-type'],
];

/**
 * Writes down as a trust policy what flags say, so that one engine judges by
 * one kind of policy, wherever it comes from.
 *
 * @param key - the public key in PEM form, if one was given
 */
export function flagPolicy(
  flags: VerifyFlags,
  kind: ArtifactKind,
  trustedRoot: string,
  key: string | undefined,
): PolicyFile {
  const signer =
    key === undefined
      ? { keyless: { trustedRoot, identities: [identityOf(flags)] } }
      : { key: { trustedRoot, data: key } };
  const attestations = flags.predicateType.map(predicateType => ({
    predicateType,
  }));
  const policy = {
    apiVersion: 'cloudythings.io/v1alpha1',
    kind: 'TrustPolicy',
    metadata: { name: FLAG_POLICY },
    spec: {
      artifacts: [{ kind }],
      authorities: [
        {
          name: FLAG_POLICY,
          ...signer,
          ...(attestations.length > 0 ? { attestations } : {}),
        },
      ],
      mode: 'enforce',
    },
  };
  // JSON is YAML, too.
  return { path: FLAG_POLICY, text: JSON.stringify(policy, null, 2) };
}

/** Says a mistake in such a policy in terms of the flags it was made of. */
export function flagMistake({ field, problem }: PolicyMistake): string {
  const [, flag = field] = FIELDS.find(([end]) => end.test(field)) ?? [];
  return `${flag}: ${problem}`;
}

function identityOf(flags: VerifyFlags) {
  return {
    issuer: flags.certificateOidcIssuer,
    issuerRegExp: flags.certificateOidcIssuerRegexp,
    subject: flags.certificateIdentity,
    subjectRegExp: flags.certificateIdentityRegexp,
  };
}
