import {
  Distrust,
  Facts,
  Finding,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { compileIdentity, isKey, keyIdentity } from './signerIdentity';
import { AttestedTimes, mayBeInside } from './signingWindow';

/** Fulcio's extensions that hold the commit of sources or build instructions. */
const COMMITS = [
  'sourceRepositoryDigest',
  'buildSignerDigest',
  'buildConfigDigest',
  'githubWorkflowSHA',
];

type Evidence = Pick<Verification, 'evidenceDigest' | 'trustedRoot'>;
type Signing = Pick<Facts, 'signer'> & AttestedTimes;

/** Says why evidence that holds is distrusted; undefined where it is not. */
export type DistrustOf = (
  evidence: Evidence,
  signing: Signing,
) => Finding | undefined;

type Distrusted = Distrust['spec']['distrusted'][number];
type Matcher = (evidence: Evidence, signing: Signing) => boolean;

const compiled = new WeakMap<readonly Distrust[], DistrustOf>();
const NOTHING: DistrustOf = () => undefined;

/** Prepares the documents that withdraw trust; once for a whole fleet. */
export function distrustOf(distrusts: readonly Distrust[] = []): DistrustOf {
  if (distrusts.length === 0) return NOTHING;
  const known = compiled.get(distrusts);
  if (known) return known;
  const rules = distrusts.map(({ metadata, spec }) => ({
    matchers: spec.distrusted.map(compileDistrusted),
    window: spec,
    finding: {
      code: 'signer-distrusted' as const,
      detail: `"${metadata.name}" distrusts it: ${spec.reason}`,
    },
  }));
  const fresh: DistrustOf = (verification, facts) =>
    rules.find(
      ({ matchers, window }) =>
        matchers.some(matches => matches(verification, facts)) &&
        mayBeInside(facts, window),
    )?.finding;
  compiled.set(distrusts, fresh);
  return fresh;
}

function compileDistrusted(distrusted: Distrusted): Matcher {
  const { trustedRoot } = distrusted;
  const matches = matcherOf(distrusted);
  return (verification, facts) =>
    (trustedRoot === undefined || verification.trustedRoot === trustedRoot) &&
    matches(verification, facts);
}

/**
 * Documents are checked when they are loaded. Should one get here that cannot
 * be read, it withdraws trust from too much rather than from nothing.
 */
function matcherOf({ identity, key, commit, bundle }: Distrusted): Matcher {
  if (identity) {
    const compiledIdentity = compileIdentity(identity);
    const { unreadable, templated } = compiledIdentity;
    if (unreadable || templated) return () => true;
    return (_, { signer }) => compiledIdentity.matches(signer, {});
  }
  if (key) {
    const name = keyIdentity(key.data);
    if (name === undefined) return () => true;
    return (_, { signer }) => isKey(signer, name);
  }
  if (commit) {
    return (_, { signer }) =>
      COMMITS.some(
        extension => signer.extensions[extension]?.toLowerCase() === commit,
      );
  }
  if (bundle) return ({ evidenceDigest }) => evidenceDigest === bundle;
  return () => true;
}
