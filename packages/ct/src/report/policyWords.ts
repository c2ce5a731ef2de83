import {
  Distrust,
  ExpectedSigner,
  KeylessIdentity,
  TrustPolicy,
  TrustPolicyAuthority,
  requirementOf,
} from '@cloudythings/backstage-plugin-sigstore-common';
import type { Verdict } from '@cloudythings/sigstore-engine';
import type { Expectations } from '../verifyArtifact/expectations';

type Words = { policy: string; lines: string[] };

/**
 * Says what the policies that cover an artifact expect, and from what trust is
 * withdrawn, before anything is said about what was found.
 */
export function policyWords(
  { policies, distrusts }: Expectations,
  { policies: covering, expected }: Verdict,
): Words[] {
  const rules = covering.map(name => {
    const policy = policies.find(({ metadata }) => metadata.name === name);
    const own = expected.filter(one => one.policy === name);
    return {
      policy: name,
      lines: policy ? linesOf(policy, own) : own.map(builtInWords),
    };
  });
  return [...rules, ...distrusts.map(distrustWords)];
}

function linesOf({ spec }: TrustPolicy, expected: ExpectedSigner[]): string[] {
  const { authorities, evidence, maxAge, exception, mode } = spec;
  return [
    ...authorities.flatMap((authority, index) => [
      index === 0 ? 'It must be signed by' : 'or by',
      ...authorityLines(
        authority,
        expected.filter(one => one.authority === authority.name),
      ).map(line => `  ${line}`),
    ]),
    ...(evidence ? [`Evidence must be stored in: ${evidence.join(', ')}`] : []),
    ...(maxAge ? [`It must have been checked within ${maxAge}`] : []),
    ...(exception
      ? [
          `Exception until ${exception.until}, owned by ${exception.owner}: ${exception.reason}`,
        ]
      : []),
    ...(mode === 'warn' ? ['Mode warn: the exit code is the same'] : []),
  ];
}

/** Identities as they are after filling in values, else as they are written. */
function authorityLines(
  authority: TrustPolicyAuthority,
  expected: ExpectedSigner[],
): string[] {
  const { keyless, key, signedAfter, signedBefore, attestations } = authority;
  const extensions = Object.entries(keyless?.extensions ?? {});
  const requirement = requirementOf(authority);
  return [
    ...(expected.length > 0
      ? expected.flatMap(signerLines)
      : (keyless?.identities ?? []).flatMap(identityLines)),
    `trusted root ${keyless?.trustedRoot ?? key?.trustedRoot}`,
    ...extensions.map(([name, value]) => `with ${name} ${value}`),
    ...(signedAfter ? [`not before ${signedAfter}`] : []),
    ...(signedBefore ? [`before ${signedBefore}`] : []),
    ...(attestations ?? []).map(
      ({ predicateType }) => `who attests ${predicateType}`,
    ),
    ...(requirement === 'both' ? ['and signs the artifact itself'] : []),
  ];
}

function signerLines(signer: ExpectedSigner): string[] {
  if (signer.key) return [`the public key ${signer.identity}`];
  return [
    `${signer.pattern ? 'identity matching' : 'identity'} ${signer.identity}`,
    `${signer.issuerPattern ? 'issuer matching' : 'issuer'} ${signer.issuer}`,
  ];
}

function identityLines(identity: KeylessIdentity): string[] {
  const { subject, subjectRegExp, issuer, issuerRegExp } = identity;
  return [
    subject === undefined
      ? `identity matching ${subjectRegExp}`
      : `identity ${subject}`,
    issuer === undefined
      ? `issuer matching ${issuerRegExp}`
      : `issuer ${issuer}`,
  ];
}

function builtInWords({ identity, issuer }: ExpectedSigner): string {
  return `Built in: signed by a workflow of the repository on a branch or tag, not for a pull request: identity matching ${identity}, issuer ${issuer}`;
}

function distrustWords({ metadata, spec }: Distrust): Words {
  return {
    policy: metadata.name,
    lines: [
      `Withdraws trust (${spec.distrusted.length} ${
        spec.distrusted.length === 1 ? 'entry' : 'entries'
      }): ${spec.reason}`,
    ],
  };
}
