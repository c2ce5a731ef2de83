import { generateKeyPairSync } from 'crypto';
import { Distrust } from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeInput, judge } from './judge';
import { keyIdentity } from './signerIdentity';
import {
  GITHUB,
  RELEASE,
  Shape,
  distrust,
  failing,
  input,
  lookup,
  policy,
  sound,
} from './__testUtils__/verifications';

const SLSA = 'https://slsa.dev/provenance/v1';
const COMMIT = 'c'.repeat(40);
const data = generateKeyPairSync('ed25519')
  .publicKey.export({ format: 'pem', type: 'spki' })
  .toString();
const BY_KEY: Shape = {
  issuer: '',
  identity: keyIdentity(data),
  identityType: 'public-key',
};

function briefly(distrusted: Distrust, changes: Partial<JudgeInput> = {}) {
  const { status, findings, mode } = judge(
    input({ distrusts: [distrusted], verifications: [sound()], ...changes }),
  );
  return [status, findings.map(({ code }) => code), mode];
}

const IN_FORCE = ['unexpected-signer', ['signer-distrusted'], 'enforce'];
const UNTOUCHED = ['expected-signer', [], 'enforce'];

describe('distrust', () => {
  const exact = { identity: { issuer: GITHUB, subject: RELEASE } };
  const pattern = {
    identity: { issuerRegExp: 'https://.*', subjectRegExp: '.*/acme/.*' },
  };
  const evidence = sound();

  it.each<[string, Distrust['spec']['distrusted'][number]]>([
    ['the identity', exact],
    ['identities by a pattern', pattern],
    ['the identity under this root', { ...exact, trustedRoot: 'acme' }],
    ['the root', { trustedRoot: 'acme' }],
    ['the bundle', { bundle: evidence.evidenceDigest }],
  ])('%s', (_, distrusted) => {
    expect(briefly(distrust(distrusted))).toEqual(IN_FORCE);
  });

  it.each<[string, Distrust['spec']['distrusted'][number]]>([
    [
      'a longer identity',
      { identity: { issuer: GITHUB, subject: `${RELEASE}x` } },
    ],
    [
      'a pattern that matches a part',
      { identity: { issuer: GITHUB, subjectRegExp: 'acme' } },
    ],
    ['another issuer', { identity: { issuer: 'https://x', subject: RELEASE } }],
    ['the identity under another root', { ...exact, trustedRoot: 'other' }],
    ['another root', { trustedRoot: 'other' }],
    ['another bundle', { bundle: `sha256:${'0'.repeat(64)}` }],
    ['a key', { key: { data } }],
    ['a commit', { commit: COMMIT }],
  ])('%s is not meant', (_, distrusted) => {
    expect(briefly(distrust(distrusted))).toEqual(UNTOUCHED);
  });

  it.each([
    'sourceRepositoryDigest',
    'buildSignerDigest',
    'buildConfigDigest',
    'githubWorkflowSHA',
  ])('a commit, where the certificate has it as %s', extension => {
    const of = (value: string) =>
      briefly(distrust({ commit: COMMIT }), {
        verifications: [sound({ extensions: { [extension]: value } })],
      });
    expect(of(COMMIT)).toEqual(IN_FORCE);
    expect(of(COMMIT.toUpperCase())).toEqual(IN_FORCE);
    expect(of('d'.repeat(40))).toEqual(UNTOUCHED);
  });

  it('a key', () => {
    const policies = [
      policy('p', {
        authority: { keyless: undefined, key: { trustedRoot: 'acme', data } },
      }),
    ];
    const changes = { policies, verifications: [sound(BY_KEY)] };
    expect(briefly(distrust({ key: { data } }), changes)).toEqual(IN_FORCE);
    expect(briefly(distrust({ commit: COMMIT }), changes)).toEqual(UNTOUCHED);
    // An identity is of certificates.
    expect(briefly(distrust(pattern), changes)).toEqual(UNTOUCHED);
  });

  it('what cannot be read withdraws trust rather than nothing', () => {
    for (const distrusted of [
      { identity: { issuer: GITHUB, subjectRegExp: '(' } },
      { identity: { issuer: GITHUB, subject: 'https://{{ repository }}' } },
      { identity: { issuerRegExp: 'https://{{ repository }}', subject: 'x' } },
      { key: { data: 'no key' } },
    ]) {
      expect(briefly(distrust(distrusted))).toEqual(IN_FORCE);
    }
  });

  it('says by which document and why', () => {
    const verdict = judge(
      input({ distrusts: [distrust(exact)], verifications: [evidence] }),
    );
    expect(verdict.findings).toEqual([
      {
        code: 'signer-distrusted',
        detail: '"stolen" distrusts it: it was stolen',
      },
    ]);
    expect(verdict.signer?.identity).toBe(RELEASE);
    expect(verdict.answers.expectedSigner).toBe('no');
  });

  it('several documents and several entries each withdraw', () => {
    const distrusts = [
      distrust({ commit: COMMIT }),
      distrust(exact, {
        distrusted: [{ trustedRoot: 'other' }, exact],
      }),
    ];
    expect(judge(input({ distrusts, verifications: [evidence] })).status).toBe(
      'unexpected-signer',
    );
  });

  describe('over a window of verified time', () => {
    const window = {
      signedAfter: '2026-01-01T00:00:00Z',
      signedBefore: '2026-02-01T00:00:00Z',
    };
    it.each<[string, string[], unknown[]]>([
      ['the first moment', ['2026-01-01T00:00:00.000Z'], IN_FORCE],
      ['just before it', ['2025-12-31T23:59:59.999Z'], UNTOUCHED],
      ['just before the end', ['2026-01-31T23:59:59.999Z'], IN_FORCE],
      ['the end', ['2026-02-01T00:00:00.000Z'], UNTOUCHED],
      [
        'any time inside',
        ['2025-01-02T00:00:00Z', '2026-01-03T00:00:00Z'],
        IN_FORCE,
      ],
      [
        'one before and one after',
        ['2025-01-02T00:00:00Z', '2026-03-03T00:00:00Z'],
        UNTOUCHED,
      ],
      ['no time at all', [], IN_FORCE],
    ])('%s', (_, times, expected) => {
      const verifications = [sound({ times })];
      expect(briefly(distrust(exact, window), { verifications })).toEqual(
        expected,
      );
    });

    it('each end alone is a window', () => {
      const verifications = [sound({ time: '2026-01-15T00:00:00Z' })];
      const { signedAfter, signedBefore } = window;
      for (const [spec, expected] of [
        [{ signedAfter }, IN_FORCE],
        [{ signedBefore }, IN_FORCE],
        [{ signedAfter: signedBefore }, UNTOUCHED],
        [{ signedBefore: signedAfter }, UNTOUCHED],
      ] as const) {
        expect(briefly(distrust(exact, spec), { verifications })).toEqual(
          expected,
        );
      }
    });
  });

  describe('beside other evidence', () => {
    const other = sound({ name: 'other', extensions: { x: 'y' } });
    const distrusted = distrust({ bundle: evidence.evidenceDigest });

    it('is a notice where the other suffices', () => {
      const verdict = judge(
        input({ distrusts: [distrusted], verifications: [evidence, other] }),
      );
      expect(verdict.status).toBe('expected-signer');
      expect(verdict.decidingEvidence).toBe(other.evidenceDigest);
      expect(verdict.notices.map(({ code }) => code)).toEqual([
        'signer-distrusted',
      ]);
    });

    it('decides where the other is incomplete or fails', () => {
      const policies = [policy('p', { predicateTypes: [SLSA] })];
      const verifications = [evidence, other];
      expect(briefly(distrusted, { policies, verifications })).toEqual(
        IN_FORCE,
      );
      const withFailing = [evidence, failing(['log-entry-missing'])];
      expect(briefly(distrusted, { verifications: withFailing })).toEqual(
        IN_FORCE,
      );
    });

    it('does not complete what the other lacks', () => {
      const provenance = sound({ predicateType: SLSA });
      const policies = [policy('p', { predicateTypes: [SLSA] })];
      const changes = { policies, verifications: [provenance, other] };
      const bundle = provenance.evidenceDigest;
      expect(briefly(distrust({ bundle }), changes)).toEqual(IN_FORCE);
    });

    it('makes nothing that is worse look better', () => {
      const provenance = sound({
        predicateType: SLSA,
        predicate: { runDetails: { builder: { id: 'x' } } },
        extensions: { buildSignerURI: RELEASE },
      });
      const policies = [policy('p', { predicateTypes: [SLSA] })];
      const bundle = provenance.evidenceDigest;
      expect(
        briefly(distrust({ bundle }), {
          policies,
          verifications: [provenance],
        }),
      ).toEqual(['evidence-mismatch', ['builder-mismatch'], 'enforce']);
    });
  });

  it('holds where no policy covers the artifact', () => {
    const entity = { ref: 'component:default/x' };
    expect(briefly(distrust(exact), { policies: [], entity })).toEqual([
      'unexpected-signer',
      ['signer-distrusted'],
      undefined,
    ]);
    const verifications = [evidence, failing(['evidence-malformed'])];
    expect(
      briefly(distrust(exact), { policies: [], entity, verifications })[0],
    ).toBe('evidence-mismatch');
  });

  it('holds for the built-in rule, and is shown as red there, too', () => {
    const extensions = {
      sourceRepositoryURI: 'https://github.com/acme/checkout',
      sourceRepositoryRef: 'refs/heads/main',
      buildTrigger: 'push',
    };
    const changes = { policies: [], verifications: [sound({ extensions })] };
    expect(judge(input(changes)).mode).toBe('warn');
    expect(briefly(distrust(exact), changes)).toEqual(IN_FORCE);
  });

  it('does not hide what is stored in the wrong place', () => {
    const policies = [policy('p', { spec: { evidence: ['bundle-store'] } })];
    const places = { [evidence.evidenceDigest]: ['transparency-log' as const] };
    expect(briefly(distrust(exact), { policies, places }).slice(0, 2)).toEqual([
      'evidence-incomplete',
      ['evidence-elsewhere'],
    ]);
  });

  it('what only a log has never makes red', () => {
    const places = { [evidence.evidenceDigest]: ['transparency-log' as const] };
    expect(briefly(distrust(exact), { places })[0]).toBe('no-signature');
  });
});

describe('distrust, beside what is not known', () => {
  const stolen = distrust({ identity: { issuer: GITHUB, subject: RELEASE } });
  const silent = [...input().lookups, lookup('unreachable')];
  const outdated = failing(['verification-outdated']);
  const logged = {
    [sound().evidenceDigest]: ['transparency-log' as const],
  };

  it.each<[string, Partial<JudgeInput>]>([
    ['a source is silent', { lookups: silent }],
    ['other evidence waits', { verifications: [sound(), outdated] }],
    [
      'other evidence contradicts itself as well',
      {
        lookups: silent,
        verifications: [sound(), failing(['signature-invalid'])],
      },
    ],
    [
      'no rule covers it',
      { policies: [], lookups: silent, entity: { ref: 'x' } },
    ],
  ])('is red everywhere at once: %s', (_, changes) => {
    expect(briefly(stolen, changes).slice(0, 2)).toEqual(IN_FORCE.slice(0, 2));
  });

  it('what is not known stands beneath', () => {
    const verdict = judge(
      input({
        distrusts: [stolen],
        verifications: [sound()],
        lookups: silent,
      }),
    );
    expect(verdict.notices).toContainEqual(
      expect.objectContaining({ code: 'source-unreachable' }),
    );
  });

  it('another set that suffices is enough', () => {
    const other = sound({ root: 'other' });
    const either = policy('p');
    either.spec.authorities.push(
      ...policy('q', { trustedRoot: 'other' }).spec.authorities,
    );
    const underAcme = distrust({ trustedRoot: 'acme' });
    expect(
      briefly(underAcme, {
        policies: [either],
        lookups: silent,
        verifications: [sound(), other],
      })[0],
    ).toBe('expected-signer');
  });

  it('what only a log has is no reason: anybody can log any digest', () => {
    expect(briefly(stolen, { lookups: silent, places: logged })[0]).toBe(
      'could-not-check',
    );
  });
});
