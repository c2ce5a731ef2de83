import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeInput, judge, loadTrustPolicies } from '../src/judge';
import { Measure, interleaved, processorTime, rounded } from './measure';
import { Sample, verifySample } from './samples';

const ENTITIES = 10_000;
const ARTIFACTS_EACH = 3;
const ROUNDS = 3;
const NOW = '2030-01-01T00:00:00.000Z';

/** Three policies by patterns; the number makes a set that is new each time. */
function policies(number: number) {
  const { policies: loaded } = loadTrustPolicies(
    [
      {
        path: 'policies.yaml',
        text: ['release', 'build', 'plan']
          .map(
            name => `
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
          - issuer: https://issuer.mock
            subjectRegExp: https://mock/(${name}-${number}|identity|{{ repository }})
  mode: enforce
`,
          )
          .join('---'),
      },
    ],
    { trustedRoots: ['made'] },
  );
  return loaded;
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

function inputOf(
  number: number,
  verification: Verification,
): Omit<JudgeInput, 'policies'> {
  const service = `service-${Math.floor(number / ARTIFACTS_EACH)}`;
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
      repository: `acme/${service}`,
      document: {
        kind: 'Component',
        metadata: { name: service, namespace: 'default' },
        spec: { type: 'service', owner: 'group:default/acme' },
      },
    },
    now: NOW,
  };
}
