import {
  ArtifactKind,
  Distrust,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  PolicyFile,
  PolicyWarning,
  TrustPolicyError,
  VerificationProfile,
  keysOf,
  loadTrustPolicies,
} from '@cloudythings/sigstore-engine';
import { UsageError } from '../UsageError';
import { VerifyFlags, signerFlagsOf } from './flags';
import { flagMistake, flagPolicy } from './flagPolicy';
import {
  TrustFileAccess,
  readPolicyFiles,
  readTrustFile,
} from './readTrustFiles';
import {
  BUILT_IN,
  PUBLIC_GOOD,
  RootSource,
  UNNAMED_ROOT,
  makeProfiles,
  publicGood,
  readTrustedRoots,
} from './trustedRoots';

/** What is expected of an artifact, ready to be judged by. */
export type Expectations = {
  /** Whether it was said by policies, by flags, or by neither. */
  origin: 'policies' | 'flags' | 'same-repository';
  policies: TrustPolicy[];
  distrusts: Distrust[];
  /** Of the whole set of policies. */
  digest: string;
  warnings: PolicyWarning[];
  roots: RootSource[];
  profiles: VerificationProfile[];
};

/**
 * Reads what is expected of the artifact.
 *
 * @throws UsageError when nothing is, or when it cannot be used
 */
export function readExpectations(
  flags: VerifyFlags,
  kind: ArtifactKind,
  access: TrustFileAccess,
  now: Date,
): Expectations {
  const origin = originOf(flags);
  const given = readTrustedRoots(flags.trustedRoot, access);
  const roots =
    origin === 'flags' ? [oneRoot(given)] : withPublicGood(given, flags);
  const files = policyFiles(origin, flags, kind, roots, access);
  const loaded = load(files, roots, origin, now);
  const documents = [...loaded.policies, ...loaded.distrusts];
  const keys = (name: string) => keysOf(documents, name);
  const used = usedRoots(roots, loaded.policies);
  const profiles = makeProfiles(used, keys, flags);
  return { origin, ...loaded, roots: used, profiles };
}

/** The built-in root is of no interest where policies name others only. */
function usedRoots(roots: RootSource[], policies: TrustPolicy[]): RootSource[] {
  if (roots.length === 1) return roots;
  const named = policies
    .flatMap(({ spec }) => spec.authorities)
    .map(({ keyless, key }) => (keyless ?? key)?.trustedRoot);
  return roots.filter(
    ({ name, from }) => from !== BUILT_IN || named.includes(name),
  );
}

function originOf(flags: VerifyFlags): Expectations['origin'] {
  const signerFlags = signerFlagsOf(flags);
  if (flags.policy.length > 0) {
    if (signerFlags.length === 0) return 'policies';
    throw new UsageError(
      `Who should have signed is said twice: by --policy and by ${signerFlags.join(
        ', ',
      )}. Use one of them.`,
    );
  }
  if (signerFlags.length === 0) {
    if (flags.entityRepository !== undefined) return 'same-repository';
    throw new UsageError(
      'Nothing says who should have signed. Give --policy, or --certificate-identity with --certificate-oidc-issuer, or --key, or --entity-repository for the workflows of that repository.',
    );
  }
  checkSigner(flags);
  return 'flags';
}

function checkSigner(flags: VerifyFlags): void {
  const identity = pick(
    ['--certificate-identity', flags.certificateIdentity],
    ['--certificate-identity-regexp', flags.certificateIdentityRegexp],
  );
  const issuer = pick(
    ['--certificate-oidc-issuer', flags.certificateOidcIssuer],
    ['--certificate-oidc-issuer-regexp', flags.certificateOidcIssuerRegexp],
  );
  if (flags.key !== undefined) {
    const other = identity ?? issuer;
    if (other === undefined) return;
    throw new UsageError(
      `--key and ${other} exclude each other: evidence is signed with a key or under an identity.`,
    );
  }
  if (identity === undefined) {
    throw new UsageError(
      'The identity is missing. Give --certificate-identity or --certificate-identity-regexp.',
    );
  }
  if (issuer === undefined) {
    throw new UsageError(
      'The issuer is missing. Give --certificate-oidc-issuer: the same identity exists under many issuers.',
    );
  }
}

/** The one of two flags that is given. */
function pick(...pair: [string, string | undefined][]): string | undefined {
  const given = pair.flatMap(([flag, value]) =>
    value === undefined ? [] : [flag],
  );
  if (given.length > 1) {
    throw new UsageError(`${given.join(' and ')} exclude each other.`);
  }
  return given[0];
}

function oneRoot(given: RootSource[]): RootSource {
  if (given.length > 1) {
    throw new UsageError(
      '--trusted-root is given more than once. Flags expect a signer under one root; write a policy to choose among several.',
    );
  }
  return given[0] ?? publicGood();
}

/** Policies call roots by name, so each needs one that they can know. */
function withPublicGood(given: RootSource[], flags: VerifyFlags): RootSource[] {
  const unnamed = given.find(({ name }) => name === UNNAMED_ROOT);
  if (unnamed && flags.policy.length > 0) {
    throw new UsageError(
      `--trusted-root ${unnamed.from} has no name, and policies call roots by name. Write --trusted-root NAME=${unnamed.from} with the name in the policies.`,
    );
  }
  const replaced =
    given.some(({ name }) => name === PUBLIC_GOOD) || unnamed !== undefined;
  return replaced ? given : [publicGood(), ...given];
}

function policyFiles(
  origin: Expectations['origin'],
  flags: VerifyFlags,
  kind: ArtifactKind,
  [root]: RootSource[],
  access: TrustFileAccess,
): PolicyFile[] {
  if (origin === 'same-repository') return [];
  if (origin === 'policies') return readPolicyFiles(flags.policy, access);
  const key =
    flags.key === undefined
      ? undefined
      : readTrustFile('--key', flags.key, access);
  return [flagPolicy(flags, kind, root.name, key)];
}

function load(
  files: PolicyFile[],
  roots: RootSource[],
  origin: Expectations['origin'],
  now: Date,
) {
  const trustedRoots = roots.map(({ name }) => name);
  try {
    return loadTrustPolicies(files, { trustedRoots, now });
  } catch (error) {
    if (!(error instanceof TrustPolicyError)) throw error;
    throw new UsageError(
      origin === 'flags'
        ? error.mistakes.map(flagMistake).join('\n')
        : error.message,
    );
  }
}
