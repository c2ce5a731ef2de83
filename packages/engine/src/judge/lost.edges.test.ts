import { NO_HISTORY } from './history';
import { JudgeInput, judge } from './judge';
import {
  distrust,
  failing,
  input,
  lookup,
  policy,
  sound,
} from './__testUtils__/verifications';

const SLSA = 'https://slsa.dev/provenance/v1';
const SBOM = 'https://spdx.dev/Document';
const predecessor = {
  reference: 'ghcr.io/acme/checkout:0.9',
  digest: `sha256:${'9'.repeat(64)}`,
  wasExpected: true,
  signer: sound().facts!.signer,
  predicateTypes: [SLSA],
};

const statusAfter = (changes: Partial<JudgeInput>) =>
  judge(input({ history: { ...NO_HISTORY, predecessor }, ...changes })).status;

it('an attestation of an earlier artifact is not lost beside others', () => {
  const policies = [policy('p', { predicateTypes: [SLSA, SBOM] })];
  const verifications = [sound(), sound({ predicateType: SLSA })];
  expect(statusAfter({ policies, verifications })).toBe('evidence-incomplete');
});

it('without a rule, nothing that is distrusted is lost', () => {
  const logged = sound();
  expect(
    statusAfter({
      policies: [],
      entity: { ref: 'component:default/x' },
      verifications: [logged],
      places: { [logged.evidenceDigest]: ['transparency-log'] },
      distrusts: [distrust({ bundle: logged.evidenceDigest })],
    }),
  ).toBe('no-signature');
});

it('an earlier artifact is a measure unless its signer is distrusted for that time', () => {
  const { issuer, identity: subject } = predecessor.signer;
  const distrusts = [
    distrust(
      { identity: { issuer, subject } },
      { signedBefore: '2026-01-01T00:00:00Z' },
    ),
  ];
  const signedAt = (time: string | undefined) =>
    statusAfter({
      distrusts,
      history: {
        ...NO_HISTORY,
        predecessor: { ...predecessor, signedAt: time },
      },
    });
  expect(signedAt('2026-01-05T00:00:00Z')).toBe('signature-lost');
  expect(signedAt('2025-06-01T00:00:00Z')).toBe('no-signature');
  expect(signedAt(undefined)).toBe('no-signature');
});

it('what waits to be verified again is not said to be too old', () => {
  const verdict = judge(
    input({
      policies: [policy('p', { spec: { maxAge: '1d' } })],
      history: { ...NO_HISTORY, answeredAt: '2025-01-01T00:00:00.000Z' },
      verifications: [failing(['verification-outdated'])],
    }),
  );
  expect(verdict.status).toBe('stale');
  expect(verdict.findings).toEqual([{ code: 'verification-outdated' }]);
});

describe('before there is evidence', () => {
  it('a reference that cannot be read decides, whatever else there is', () => {
    const verdict = judge(input({ problem: 'odd', verifications: [sound()] }));
    expect(verdict.status).toBe('unsupported-format');
    expect(verdict.findings).toEqual([
      { code: 'reference-unreadable', detail: 'odd' },
    ]);
  });

  it('what resolving reported is why there is no digest', () => {
    const findings = [{ code: 'artifact-not-found' as const, detail: 'x' }];
    const lookups = [lookup('none')];
    expect(
      judge(input({ digest: undefined, lookups, findings })).findings,
    ).toEqual(findings);
  });
});
