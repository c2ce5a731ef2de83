import { JudgeInput, judge } from './judge';
import { failing, input, lookup, sound } from './__testUtils__/verifications';

const JANE = {
  identity: 'jane@acme.example',
  issuer: 'https://accounts.google.com',
};

const answersFor = (changes: Partial<JudgeInput>) => {
  const { signatureFound, evidenceSound, expectedSigner } = judge(
    input(changes),
  ).answers;
  return [signatureFound, evidenceSound, expectedSigner];
};

describe('the three answers', () => {
  it('leave open whether there is a signature in what was not read', () => {
    for (const code of [
      'format-unsupported',
      'evidence-over-cap',
      'verification-outdated',
    ] as const) {
      const verifications = [failing([code])];
      expect(answersFor({ verifications })).toEqual([
        'unknown',
        'not-asked',
        'not-asked',
      ]);
    }
  });

  it('leave open what a source that does not answer could change', () => {
    const lookups = [lookup('unreachable')];
    expect(answersFor({ lookups })).toEqual([
      'unknown',
      'not-asked',
      'not-asked',
    ]);
    expect(
      answersFor({ lookups, verifications: [failing(['signature-invalid'])] }),
    ).toEqual(['yes', 'unknown', 'not-asked']);
    expect(answersFor({ lookups, verifications: [sound(JANE)] })).toEqual([
      'yes',
      'yes',
      'unknown',
    ]);
  });

  it('do not ask for the signer where no rule says who it should be', () => {
    const changes = { policies: [], entity: { ref: 'component:default/x' } };
    expect(answersFor({ ...changes, verifications: [sound()] })).toEqual([
      'yes',
      'yes',
      'not-asked',
    ]);
  });
});
