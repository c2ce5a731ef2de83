import { JudgeInput, judge } from './judge';
import { DIGEST, failing, input, sound } from './__testUtils__/verifications';

const INDEX = `sha256:${'1'.repeat(64)}`;
const PLATFORM = `sha256:${'2'.repeat(64)}`;
const STRANGER = { identity: 'jane@acme.example', issuer: 'https://x.example' };

const about = <T extends object>(artifactDigest: string, verification: T) => ({
  ...verification,
  artifactDigest,
});
const judged = (changes: Partial<JudgeInput>) => judge(input(changes));

describe('what is signed of an index', () => {
  const relatives = { [INDEX]: 'index' } as const;

  it('is signed of the platform image that it lists, which is said', () => {
    const verifications = [about(INDEX, sound())];
    expect(judged({ relatives, verifications })).toMatchObject({
      status: 'expected-signer',
      throughIndex: INDEX,
    });
  });

  it('is nothing where that index is not known to list it', () => {
    const verifications = [about(INDEX, sound())];
    expect(judged({ verifications }).status).toBe('no-signature');
    const listed = { [PLATFORM]: 'index' } as const;
    const other = judged({ relatives: listed, verifications });
    expect(other.status).toBe('no-signature');
    expect(other.notices).toEqual([]);
  });

  it('is judged like what is signed of the image itself', () => {
    const other = [about(INDEX, sound(STRANGER))];
    expect(judged({ relatives, verifications: other }).status).toBe(
      'unexpected-signer',
    );
    const broken = [about(INDEX, failing(['signature-invalid']))];
    expect(judged({ relatives, verifications: broken }).status).toBe(
      'evidence-mismatch',
    );
  });

  it('is not named where the image itself is what decided', () => {
    const verifications = [
      about(INDEX, sound({ ...STRANGER, name: 'other' })),
      sound(),
    ];
    const verdict = judged({ relatives, verifications });
    expect(verdict.status).toBe('expected-signer');
    expect(verdict).not.toHaveProperty('throughIndex');
  });
});

describe('what is signed of a platform image', () => {
  const relatives = { [PLATFORM]: 'platform' } as const;

  it('says nothing about the index, and that it is there is a notice', () => {
    const verdict = judged({
      relatives,
      verifications: [about(PLATFORM, sound())],
    });
    expect(verdict.status).toBe('no-signature');
    expect(verdict.notices).toEqual([
      { code: 'signed-platforms-only', detail: PLATFORM },
    ]);
    expect(verdict).not.toHaveProperty('signer');
  });

  it('is no news where the index is signed, too, or where it does not hold', () => {
    const both = [sound(), about(PLATFORM, sound({ name: 'two' }))];
    expect(judged({ relatives, verifications: both }).notices).toEqual([]);
    const { findings } = failing(['signature-invalid']);
    for (const broken of [
      failing(['signature-invalid']),
      { ...sound(), findings },
      { ...sound(), facts: undefined },
    ]) {
      const verifications = [about(PLATFORM, broken)];
      const verdict = judged({ relatives, verifications });
      expect(verdict.status).toBe('no-signature');
      expect(verdict.notices).toEqual([]);
    }
  });

  it('is named by its digest, up to three of them', () => {
    const digests = ['2', '3', '4', '5'].map(
      digit => `sha256:${digit.repeat(64)}`,
    );
    const notice = (count: number) =>
      judged({
        relatives: Object.fromEntries(
          digests.map(digest => [digest, 'platform' as const]),
        ),
        verifications: digests
          .slice(0, count)
          .map(digest => about(digest, sound({ name: digest }))),
      }).notices[0].detail;
    const three = digests.slice(0, 3).join(', ');
    expect(notice(3)).toBe(three);
    expect(notice(4)).toBe(`${three}, …`);
  });
});

it('needs no relatives to speak of the artifact itself', () => {
  const relatives = { [DIGEST]: 'platform' } as const;
  expect(judged({ relatives, verifications: [sound()] }).status).toBe(
    'expected-signer',
  );
});

it('takes what is about another artifact for that under every trusted root', () => {
  const other = { code: 'statement-for-other-artifact' as const };
  const verifications = [
    failing([other.code], { name: 'e' }),
    failing(['key-unknown'], { root: 'other', name: 'e' }),
  ];
  for (const given of [verifications, [...verifications].reverse()]) {
    const verdict = judged({ verifications: given });
    expect(verdict.status).toBe('no-signature');
    expect(verdict.findings).toEqual([other]);
  }
  const beside = [...verifications, failing(['signature-invalid'])];
  expect(judged({ verifications: beside }).status).toBe('evidence-mismatch');
});

it('takes what is over a cap for not read, whatever else was found', () => {
  const verifications = [failing(['signature-invalid', 'evidence-over-cap'])];
  expect(judged({ verifications }).status).toBe('could-not-check');
});
