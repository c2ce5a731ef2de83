import { checkContentLimits, checkLimits } from './limits';

const payloadOf = (json: unknown) => Buffer.from(JSON.stringify(json));
const nested = (depth: number) =>
  JSON.parse('['.repeat(depth) + ']'.repeat(depth));
const inToto = (payload: Buffer) =>
  checkContentLimits({ type: 'in-toto', payloadType: '', payload });
const simple = (payload: Buffer) =>
  checkContentLimits({
    type: 'simple-signing',
    payload,
    digest: Buffer.alloc(32),
  });

describe('limits', () => {
  it.each([
    ['the statement', () => inToto(payloadOf(nested(66)))],
    ['the payload', () => simple(payloadOf(nested(66)))],
    ['the evidence', () => checkLimits({ bundle: nested(66) })],
  ])('%s is nested too deep, and is named', (what, check) => {
    expect(check).toThrow(
      expect.objectContaining({
        finding: {
          code: 'evidence-over-cap',
          detail: `${what} is nested more than 64 levels deep`,
        },
      }),
    );
  });

  it.each([
    null,
    'text',
    { subject: null },
    { subject: {} },
    { subject: [null, 'x', { digest: null }] },
  ])('what cannot be counted is left to the check that reads it: %j', json => {
    expect(() => inToto(payloadOf(json))).not.toThrow();
    expect(() => checkLimits({ bundle: json })).not.toThrow();
  });
});
