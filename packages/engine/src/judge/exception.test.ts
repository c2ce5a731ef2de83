import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeHistory, NO_HISTORY } from './history';
import { JudgeInput, judge } from './judge';
import {
  Shape,
  failing,
  input,
  lookup,
  policy,
  sound,
} from './__testUtils__/verifications';

const SLSA = 'https://slsa.dev/provenance/v1';
const JANE: Shape = { identity: 'jane@acme.example' };
const exception = {
  until: '2026-01-31',
  owner: 'group:default/payments',
  reason: 'the vendor signs from February on',
};
const END = '2026-02-01T00:00:00.000Z';
const LAST_MOMENT = '2026-01-31T23:59:59.999Z';

const under = (changes: Partial<JudgeInput>) =>
  judge(
    input({
      policies: [policy('p', { predicateTypes: [SLSA], spec: { exception } })],
      now: LAST_MOMENT,
      ...changes,
    }),
  );

describe('an exception', () => {
  it.each<[string, Verification[]]>([
    ['no signature', []],
    ['evidence that lacks something', [sound()]],
    [
      'evidence that failing makes incomplete',
      [failing(['log-entry-missing'])],
    ],
    ['a format that is not read', [failing(['format-unsupported'])]],
    ['an unknown authority', [failing(['chain-untrusted'])]],
    ['a time outside the certificate', [failing(['time-outside-certificate'])]],
  ])('covers %s', (_, verifications) => {
    const without = under({
      verifications,
      policies: [policy('p', { predicateTypes: [SLSA] })],
    });
    const verdict = under({ verifications });
    expect(verdict.status).toBe('exempt');
    expect(verdict.findings).toEqual([
      {
        code: 'exception-in-force',
        detail:
          'until 2026-01-31, group:default/payments: the vendor signs from February on',
        exception: { policy: 'p', ...exception },
      },
    ]);
    expect(verdict.notices).toEqual(without.findings);
    expect(verdict.judgeAgainAt).toBe(END);
  });

  it('ends with its last day', () => {
    expect(under({ now: LAST_MOMENT }).status).toBe('exempt');
    const over = under({ now: END });
    expect(over.status).toBe('no-signature');
    expect(over.judgeAgainAt).toBeUndefined();
  });

  it.each<[string, Partial<JudgeInput>, string]>([
    [
      'evidence that does not match',
      { verifications: [failing(['signature-invalid'])] },
      'evidence-mismatch',
    ],
    ['someone else', { verifications: [sound(JANE)] }, 'unexpected-signer'],
    [
      'a source that did not answer',
      { lookups: [lookup('unreachable')] },
      'could-not-check',
    ],
    [
      'evidence that waits to be verified',
      { verifications: [failing(['verification-outdated'])] },
      'stale',
    ],
    ['nothing asked yet', { digest: undefined, lookups: [] }, 'pending'],
    [
      'a reference that cannot be read',
      { problem: 'odd', digest: undefined },
      'unsupported-format',
    ],
  ])('never covers %s', (_, changes, status) => {
    expect(under(changes).status).toBe(status);
  });

  it.each<[string, Partial<JudgeHistory>]>([
    ['the artifact was signed by anybody', { gone: [sound(JANE)] }],
    [
      'the artifact was signed under an earlier trusted root',
      { formerlySound: [{ evidenceDigest: 'x', trustedRoot: 'acme' }] },
    ],
  ])('never covers what is lost: %s', (_, history) => {
    const verdict = under({ history: { ...NO_HISTORY, ...history } });
    expect(verdict.status).toBe('no-signature');
  });

  // Else whoever may write to the registry could end an exception.
  it.each([
    ['as expected ends it', true, 'unknown-authority'],
    ['by a stranger does not', false, 'exempt'],
  ])('an earlier artifact signed %s', (_, wasExpected, status) => {
    const predecessor = {
      reference: 'r',
      digest: 'd',
      wasExpected,
      signer: sound(JANE).facts!.signer,
      predicateTypes: [],
    };
    const history = { ...NO_HISTORY, predecessor };
    const verifications = [failing(['chain-untrusted'])];
    expect(under({ history, verifications }).status).toBe(status);
  });

  it('what failed and is gone was no signature', () => {
    const gone = [failing(['signature-invalid'])];
    expect(under({ history: { ...NO_HISTORY, gone } }).status).toBe('exempt');
  });

  it('leaves what is as expected alone', () => {
    const verdict = under({ verifications: [sound({ predicateType: SLSA })] });
    expect(verdict.status).toBe('expected-signer');
    expect(verdict.judgeAgainAt).toBeUndefined();
  });

  it('is of its own rule', () => {
    const exempt = policy('p', { spec: { exception } });
    const policies = [exempt, policy('q', { mode: 'warn' })];
    const verdict = under({ policies });
    expect(verdict.status).toBe('no-signature');
    expect(verdict.judgeAgainAt).toBe(END);
    const satisfied = policy('q', {
      identity: { issuerRegExp: '.*', subjectRegExp: '.*' },
    });
    const both = under({
      policies: [
        policy('p', { predicateTypes: [SLSA], spec: { exception } }),
        satisfied,
      ],
      verifications: [sound()],
    });
    expect(both.status).toBe('exempt');
  });
});
