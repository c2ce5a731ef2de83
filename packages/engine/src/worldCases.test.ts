import {
  CheckName,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { CollectedEvidence } from './collect';
import { judge, Verdict } from './judge';
import {
  describeEvidence,
  verifyEvidence,
  VerificationProfile,
} from './verify';
import {
  AcmeWorld,
  ExpectedArtifact,
  Findings,
  expectedArtifacts,
  isRecorded,
} from './__testUtils__/acmeWorld';
import { runVerification } from './verify/runVerification';

const describeWorld = isRecorded ? describe : describe.skip;
const rows: ExpectedArtifact[] = isRecorded ? expectedArtifacts() : [];

type Verify = (
  evidence: CollectedEvidence,
  digest: string,
  profile: VerificationProfile,
) => Verification;

// All of the world is verified in one test, on machines that may be busy.
jest.setTimeout(120_000);

describeWorld('the recorded world (packages/demo-world)', () => {
  let world: AcmeWorld;

  beforeAll(async () => {
    world = await AcmeWorld.open();
  });
  afterAll(async () => {
    await world?.close();
  });

  const verdictOf = (found: Findings, verify: Verify): Verdict =>
    judge({ ...found.input, verifications: world.verifyAll(found, verify) });

  const without =
    (...disabled: CheckName[]): Verify =>
    (evidence, digest, profile) =>
      runVerification(evidence, digest, profile, {
        disabledChecks: new Set(disabled),
      });

  type Policies = Findings['input']['policies'];
  type Keyless = NonNullable<
    Policies[number]['spec']['authorities'][number]['keyless']
  >;

  /** The policies of what was found, with another demand on identities. */
  const withKeyless = (
    { input }: Findings,
    change: (keyless: Keyless) => Keyless,
  ): Policies =>
    input.policies.map(policy => ({
      ...policy,
      spec: {
        ...policy.spec,
        authorities: policy.spec.authorities.map(authority => ({
          ...authority,
          ...(authority.keyless ? { keyless: change(authority.keyless) } : {}),
        })),
      },
    }));

  it.each(
    isRecorded
      ? rows.map(row => [`${row.entity} ${row.reference}`, row] as const)
      : [['(not recorded)', {} as ExpectedArtifact] as const],
  )('%s', (_, row) => {
    const { entity, reference } = row;
    const [found] = world.found.filter(
      ({ expected }) =>
        expected.entity === entity && expected.reference === reference,
    );
    const verdict = verdictOf(found, verifyEvidence);
    expect({
      status: verdict.status,
      finding: verdict.findings[0]?.code ?? null,
      signer: verdict.signer?.identity ?? null,
    }).toEqual({
      status: row.status,
      finding: row.finding,
      signer: row.signer,
    });
  });

  it('facts name time and place of every signature that holds', () => {
    const signed = world.found
      .filter(({ expected }) => expected.signer)
      .flatMap(found => world.verifyAll(found, verifyEvidence))
      .flatMap(({ facts }) => facts ?? []);
    expect(signed).not.toEqual([]);
    for (const facts of signed) {
      expect(facts.times.map(({ source }) => source)).toContain(
        'timestamp-authority',
      );
      expect(facts.certificate?.issuerName).toContain('Acme Demo World');
    }
    const [entry] = signed.flatMap(({ logEntries }) => logEntries);
    expect(entry).toEqual(
      expect.objectContaining({
        logName: 'https://log2026-1.rekor.acme.example',
        kind: 'hashedrekord 0.0.2',
        inclusion: expect.objectContaining({
          checkpointOrigin: 'log2026-1.rekor.acme.example',
        }),
      }),
    );
  });

  describe('each bad case is stopped by the check that is meant for it', () => {
    it.each<[string, CheckName]>([
      ['prod/payments/plan.json', 'artifact-binding'],
      ['acme/search:', 'artifact-binding'],
      ['acme/mailer:', 'signing-time'],
    ])('%s turns green without the check %s', (reference, check) => {
      const found = world.of(reference);
      expect(verdictOf(found, verifyEvidence).status).toBe(
        found.expected.status,
      );
      expect(verdictOf(found, without(check)).status).toBe('expected-signer');
    });

    it.each(['acme/notifier:', 'acme/checkout-worker:'])(
      '%s turns green without the comparison of identity and issuer',
      reference => {
        const found = world.of(reference);
        expect(verdictOf(found, verifyEvidence).status).toBe(
          'unexpected-signer',
        );
        const anybody = withKeyless(found, keyless => ({
          ...keyless,
          identities: [
            'https://token.actions.githubusercontent.com',
            'https://accounts.google.com',
          ].map(issuer => ({ issuer, subjectRegExp: '.*' })),
        }));
        const lax = { ...found, input: { ...found.input, policies: anybody } };
        expect(verdictOf(lax, verifyEvidence).status).toBe('expected-signer');
      },
    );

    it('legacy signatures need the trusted root that does without a log', () => {
      const found = world.of('acme/ledger:');
      const strict = withKeyless(found, keyless => ({
        ...keyless,
        trustedRoot: 'acme',
      }));
      const verdict = verdictOf(
        { ...found, input: { ...found.input, policies: strict } },
        verifyEvidence,
      );
      expect(verdict.status).toBe('evidence-incomplete');
      expect(verdict.findings[0].code).toBe('log-entry-missing');
    });

    // Evidence is kept by its digest: the first media type it came with stays.
    it.each(['acme/ledger:', 'acme/checkout:'])(
      'evidence of %s holds whatever media type it was attached with',
      reference => {
        const found = world.of(reference);
        const kinds = [
          'application/vnd.dev.sigstore.bundle.v0.3+json',
          'application/vnd.cloudythings.sigstore.simple-signing.v1+json',
          'text/plain',
        ];
        expect(found.evidence).not.toEqual([]);
        for (const mediaType of kinds) {
          const evidence = found.evidence.map(piece => ({
            ...piece,
            mediaType,
          }));
          expect(
            evidence.map(piece => describeEvidence(piece).contentType),
          ).toEqual(
            found.evidence.map(piece => describeEvidence(piece).contentType),
          );
          expect(verdictOf({ ...found, evidence }, verifyEvidence)).toEqual(
            verdictOf(found, verifyEvidence),
          );
        }
        expect(verdictOf(found, verifyEvidence).status).toBe('expected-signer');
      },
    );
  });
});
