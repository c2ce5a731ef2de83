import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeInput, judge, loadTrustPolicies } from '../src/judge';
import { Measure, interleaved, processorTime, rounded } from './measure';
import { Sample, verifySample } from './samples';

const ENTITIES = 10_000;
const ARTIFACTS_EACH = 3;
const ROUNDS = 3;
const ISSUER = 'https://token.actions.githubusercontent.com';
const NOW = '2030-01-01T00:00:00.000Z';

/** What three policies allow, as people write it. */
const WORKFLOWS = {
  release: 'release\\.ya?ml@refs/heads/main',
  trunk: '(release|build)\\.yml@refs/heads/(main|master)',
  tagged: '.+\\.yml@refs/(heads/main|tags/v[0-9.]+)',
};

/** A set of policies that was never there before. */
function policies(number: number) {
  const text = Object.entries(WORKFLOWS).map(
    ([name, workflow]) => `
apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata: { name: ${name}-${number} }
spec:
  artifacts:
    - kind: image
      reference: ghcr.io/acme/**
  authorities:
    - name: actions
      keyless:
        trustedRoot: made
        identities:
          - issuer: ${ISSUER}
            subjectRegExp: https://github\\.com/{{ repository }}/\\.github/workflows/${workflow}
  mode: enforce
`,
  );
  const file = { path: 'policies.yaml', text: text.join('---') };
  return loadTrustPolicies([file], { trustedRoots: ['made'] }).policies;
}

/** Row four: what a changed policy makes of everything stored. */
export function measureJudging(samples: Sample[], verifying: number): Measure {
  const known = samples
    .filter(({ profile }) => profile.name === 'made')
    .map(verifySample);
  const inputs = Array.from(
    { length: ENTITIES * ARTIFACTS_EACH },
    (_, number) => inputOf(number, known[number % known.length]),
  );
  let change = 0;
  const work = () => {
    change += 1;
    const changed = policies(change);
    const verdicts = inputs.map(input =>
      judge({ ...input, policies: changed }),
    );
    if (verdicts.some(({ status }) => status !== 'expected-signer')) {
      throw new Error('judging: a signer is not the one expected');
    }
  };
  work();
  const { judging } = interleaved(processorTime, ROUNDS, { judging: work });
  const ratio = (verifying * inputs.length) / judging;
  return {
    name: `judge ${inputs.length} artifacts again after a policy change`,
    value: rounded(judging / 1000),
    unit: 's',
    against: `verifying them, ${rounded((verifying * inputs.length) / 1000)} s`,
    ratio: rounded(ratio),
    target: '>= 100, under 2 s',
    ok: ratio >= 100 && judging < 2000,
  };
}

/** Facts as they are stored, of the workflow of the entity's repository. */
function signedBy(verification: Verification, repository: string) {
  const { facts } = verification;
  if (!facts) throw new Error('judging: evidence does not hold');
  const identity = `https://github.com/${repository}/.github/workflows/release.yml@refs/heads/main`;
  const signer = { ...facts.signer, issuer: ISSUER, identity };
  return { ...verification, facts: { ...facts, signer } };
}

function inputOf(
  number: number,
  verified: Verification,
): Omit<JudgeInput, 'policies'> {
  const service = `service-${Math.floor(number / ARTIFACTS_EACH)}`;
  const repository = `acme/${service}`;
  const verification = signedBy(verified, repository);
  const digest = verification.artifactDigest;
  return {
    kind: 'image',
    reference: `ghcr.io/acme/${service}/${number % ARTIFACTS_EACH}:1.0.0`,
    digest,
    verifications: [verification],
    lookups: [
      { source: 'ghcr.io manifest', outcome: 'found', askedAt: NOW },
      { source: 'ghcr.io referrers', outcome: 'found', askedAt: NOW },
    ],
    findings: [],
    places: { [verification.evidenceDigest]: ['oci-registry'] },
    entity: {
      ref: `component:default/${service}`,
      repository,
      document: {
        kind: 'Component',
        metadata: { name: service, namespace: 'default' },
        spec: { type: 'service', owner: 'group:default/acme' },
      },
    },
    now: NOW,
  };
}
