import {
  EvidencePlace,
  TrustPolicyAuthority,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeInput, judge } from './judge';
import {
  RELEASE,
  Shape,
  failing,
  input,
  policy,
  sound,
} from './__testUtils__/verifications';

const SLSA = 'https://slsa.dev/provenance/v1';
const SBOM = 'https://spdx.dev/Document';
const JANE = {
  identity: 'jane@acme.example',
  issuer: 'https://accounts.google.com',
};

function briefly(changes: Partial<JudgeInput>) {
  const { status, findings } = judge(input(changes));
  return [status, ...findings.map(({ code }) => code)];
}

describe('what is required', () => {
  const requiring = (
    require: TrustPolicyAuthority['require'],
    ...types: string[]
  ) => [
    policy('p', {
      authority: {
        require,
        ...(types.length > 0
          ? { attestations: types.map(predicateType => ({ predicateType })) }
          : {}),
      },
    }),
  ];
  const signature = sound();
  const slsa = sound({ predicateType: SLSA });
  const sbom = sound({ predicateType: SBOM });

  it.each<[string, Verification[], string[]]>([
    ['a signature', [signature], ['expected-signer']],
    ['an attestation, which is signed, too', [slsa], ['expected-signer']],
    ['nothing', [], ['no-signature', 'no-signature']],
  ])('signature, and there is %s', (_, verifications, expected) => {
    const policies = requiring('signature');
    expect(briefly({ policies, verifications })).toEqual(expected);
  });

  it.each<[string, Verification[], string[]]>([
    ['both', [slsa, sbom], ['expected-signer']],
    ['one of them', [slsa], ['evidence-incomplete', 'predicate-missing']],
    ['a signature', [signature], ['evidence-incomplete', 'predicate-missing']],
  ])('two attestations, and there is %s', (_, verifications, expected) => {
    for (const require of ['attestations', undefined] as const) {
      const policies = requiring(require, SLSA, SBOM);
      expect(briefly({ policies, verifications })).toEqual(expected);
    }
  });

  it.each<[string, Verification[], string[]]>([
    ['both', [signature, slsa], ['expected-signer']],
    ['an attestation', [slsa], ['evidence-incomplete', 'signature-missing']],
    [
      'attestations of any type',
      [slsa, sbom],
      ['evidence-incomplete', 'signature-missing'],
    ],
    ['a signature', [signature], ['evidence-incomplete', 'predicate-missing']],
    [
      'neither',
      [sbom],
      ['evidence-incomplete', 'predicate-missing', 'signature-missing'],
    ],
    [
      'a signature of someone else',
      [slsa, sound(JANE)],
      ['evidence-incomplete', 'signature-missing'],
    ],
    [
      'a signature in the form of a statement',
      [slsa, sound({ predicateType: 'https://sigstore.dev/cosign/sign/v1' })],
      ['expected-signer'],
    ],
  ])('both, and there is %s', (_, verifications, expected) => {
    const policies = requiring('both', SLSA);
    expect(briefly({ policies, verifications })).toEqual(expected);
    expect(judge(input({ policies })).expected[0].withSignature).toBe(true);
  });

  it('each authority is whole: what two sign together satisfies neither', () => {
    const [one] = requiring('both', SLSA);
    const other = {
      ...one.spec.authorities[0],
      name: 'jane',
      keyless: {
        trustedRoot: 'acme',
        identities: [{ issuer: JANE.issuer, subject: JANE.identity }],
      },
    };
    const policies = [
      {
        ...one,
        spec: { ...one.spec, authorities: [...one.spec.authorities, other] },
      },
    ];
    const verifications = [sound(), sound({ ...JANE, predicateType: SLSA })];
    expect(briefly({ policies, verifications })[0]).toBe('evidence-incomplete');
    const whole = [...verifications, sound(JANE)];
    expect(briefly({ policies, verifications: whole })).toEqual([
      'expected-signer',
    ]);
  });
});

describe('several authorities', () => {
  const [release] = policy('p').spec.authorities;
  const jane = {
    name: 'jane',
    keyless: {
      trustedRoot: 'acme',
      identities: [{ issuer: JANE.issuer, subject: JANE.identity }],
    },
  };
  const either = (...authorities: TrustPolicyAuthority[]) => [
    policy('p', { spec: { authorities } }),
  ];

  it('any one suffices', () => {
    const policies = either(jane, release);
    expect(briefly({ policies, verifications: [sound()] })).toEqual([
      'expected-signer',
    ]);
  });

  it('the one that is nearest to being satisfied decides', () => {
    const late = { ...release, signedAfter: '2026-06-01T00:00:00Z' };
    const stated = { ...jane, attestations: [{ predicateType: SLSA }] };
    const verifications = [sound(), sound(JANE)];
    for (const policies of [either(late, stated), either(stated, late)]) {
      expect(briefly({ policies, verifications })).toEqual([
        'evidence-incomplete',
        'predicate-missing',
      ]);
    }
  });
});

describe('the builder of SLSA provenance', () => {
  const policies = [policy('p', { predicateTypes: [SLSA] })];
  const provenance = (id: unknown, shape: Shape = {}) =>
    sound({
      predicateType: SLSA,
      predicate: { runDetails: { builder: { id } } },
      extensions: { buildSignerURI: RELEASE },
      ...shape,
    });

  it('is the one the certificate was issued to', () => {
    const verifications = [provenance(RELEASE)];
    expect(briefly({ policies, verifications })).toEqual(['expected-signer']);
  });

  it('where it is another, the statement does not count', () => {
    const other = 'https://github.com/acme/other/builder';
    const verdict = judge(
      input({ policies, verifications: [sound(), provenance(other)] }),
    );
    expect(verdict.status).toBe('evidence-mismatch');
    expect(verdict.findings).toEqual([
      {
        code: 'builder-mismatch',
        comparisons: [{ aspect: 'builder', found: other, expected: RELEASE }],
      },
    ]);
    expect(verdict.signer).toBeUndefined();
    expect(verdict.answers).toMatchObject({
      evidenceSound: 'no',
      expectedSigner: 'not-asked',
    });
  });

  it('beside one that counts it is a notice', () => {
    const verifications = [provenance('x'), provenance(RELEASE)];
    const verdict = judge(input({ policies, verifications }));
    expect(verdict.status).toBe('expected-signer');
    expect(verdict.notices.map(({ code }) => code)).toEqual([
      'builder-mismatch',
    ]);
  });

  it('of someone else decides nothing', () => {
    const verifications = [sound(), provenance('x', JANE)];
    expect(briefly({ policies, verifications })).toEqual([
      'evidence-incomplete',
      'predicate-missing',
    ]);
  });

  it('where only a signature is asked for, the statement is one', () => {
    const verdict = judge(input({ verifications: [provenance('x')] }));
    expect(verdict.status).toBe('expected-signer');
    expect(verdict.notices.map(({ code }) => code)).toEqual([
      'builder-mismatch',
    ]);
  });

  it('where the type that is asked for is another, that one is missing', () => {
    const verifications = [provenance('x')];
    const sbom = [policy('p', { predicateTypes: [SBOM] })];
    expect(briefly({ policies: sbom, verifications })[0]).toBe(
      'evidence-incomplete',
    );
  });
});

describe('the time of signing', () => {
  const FROM = '2026-01-01T00:00:00Z';
  const UNTIL = '2026-02-01T00:00:00Z';
  const within = (authority: Partial<TrustPolicyAuthority>) => [
    policy('p', { authority }),
  ];
  const both = within({ signedAfter: FROM, signedBefore: UNTIL });
  const at = (...times: string[]) => [sound({ times })];

  it.each<[string, string[], string]>([
    ['the first moment', ['2026-01-01T00:00:00.000Z'], 'expected-signer'],
    ['just before it', ['2025-12-31T23:59:59.999Z'], 'unexpected-signer'],
    ['just before the end', ['2026-01-31T23:59:59.999Z'], 'expected-signer'],
    ['the end', ['2026-02-01T00:00:00.000Z'], 'unexpected-signer'],
    [
      'two times inside',
      ['2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'],
      'expected-signer',
    ],
    [
      'one time inside and one before',
      ['2026-01-02T00:00:00Z', '2025-01-03T00:00:00Z'],
      'unexpected-signer',
    ],
    [
      'one time inside and one after',
      ['2026-03-02T00:00:00Z', '2026-01-03T00:00:00Z'],
      'unexpected-signer',
    ],
    ['no time at all', [], 'unexpected-signer'],
  ])('%s', (_, times, status) => {
    expect(briefly({ policies: both, verifications: at(...times) })[0]).toBe(
      status,
    );
  });

  it('each end alone is a window', () => {
    const early = at('2025-06-01T00:00:00Z');
    const late = at('2026-06-01T00:00:00Z');
    for (const [authority, verifications, status] of [
      [{ signedAfter: FROM }, early, 'unexpected-signer'],
      [{ signedAfter: FROM }, late, 'expected-signer'],
      [{ signedBefore: UNTIL }, early, 'expected-signer'],
      [{ signedBefore: UNTIL }, late, 'unexpected-signer'],
      [{}, at(), 'expected-signer'],
    ] as const) {
      const policies = within(authority);
      expect(briefly({ policies, verifications })[0]).toBe(status);
    }
  });

  it('says when it was signed and when it should have been', () => {
    const verifications = at('2025-06-01T00:00:00.000Z');
    const verdict = judge(input({ policies: both, verifications }));
    expect(verdict.findings).toEqual([
      {
        code: 'signed-outside-window',
        detail: expect.stringContaining('the rule "p"'),
        comparisons: [
          {
            aspect: 'time of signing',
            found: '2025-06-01T00:00:00.000Z',
            expected: `not before ${FROM} and before ${UNTIL}`,
          },
        ],
      },
    ]);
    expect(verdict.expected[0]).toMatchObject({
      signedAfter: FROM,
      signedBefore: UNTIL,
    });
  });

  it('an attestation outside does not complete a signature inside', () => {
    const policies = within({
      signedAfter: FROM,
      attestations: [{ predicateType: SLSA }],
    });
    const old = sound({ predicateType: SLSA, time: '2025-01-01T00:00:00Z' });
    const signature = sound({ time: '2026-01-05T00:00:00Z' });
    expect(briefly({ policies, verifications: [old, signature] })).toEqual([
      'unexpected-signer',
      'signed-outside-window',
    ]);
    expect(briefly({ policies, verifications: [signature] })).toEqual([
      'evidence-incomplete',
      'predicate-missing',
    ]);
  });
});

describe('where evidence is stored', () => {
  const policies = [
    policy('p', { spec: { evidence: ['bundle-store', 'github'] } }),
  ];
  const evidence = sound();
  const stored = (...places: EvidencePlace[]) => ({
    places: { [evidence.evidenceDigest]: places },
  });

  it.each<[EvidencePlace[], string]>([
    [['bundle-store'], 'expected-signer'],
    [['oci-registry', 'github'], 'expected-signer'],
    [['oci-registry'], 'evidence-incomplete'],
    [['transparency-log'], 'evidence-incomplete'],
    [[], 'evidence-incomplete'],
  ])('%j', (places, status) => {
    const changes = {
      policies,
      verifications: [evidence],
      ...stored(...places),
    };
    expect(briefly(changes)[0]).toBe(status);
  });

  it('says where it is and where it should be', () => {
    const changes = { policies, verifications: [evidence] };
    expect(
      judge(input({ ...changes, ...stored('oci-registry') })),
    ).toMatchObject({
      findings: [
        {
          code: 'evidence-elsewhere',
          comparisons: [
            {
              aspect: 'place',
              found: 'oci-registry',
              expected: 'bundle-store or github',
            },
          ],
        },
      ],
      answers: { expectedSigner: 'yes' },
    });
    expect(briefly(changes)[1]).toBe('evidence-elsewhere');
  });

  it('what would not suffice there either is not said to', () => {
    const other = sound(JANE);
    const changes = {
      policies,
      verifications: [other],
      places: { [other.evidenceDigest]: ['oci-registry' as const] },
    };
    expect(briefly(changes)).toEqual([
      'unexpected-signer',
      'signer-not-allowed',
    ]);
  });

  // Anybody can log any digest.
  it('what only a log has never makes red', () => {
    for (const evil of [
      sound(JANE),
      failing(['signature-invalid']),
      failing(['chain-untrusted']),
    ]) {
      const verifications = [evil];
      const logged = { [evil.evidenceDigest]: ['transparency-log' as const] };
      expect(briefly({ verifications, places: logged })[0]).toBe(
        'no-signature',
      );
      const elsewhere = {
        [evil.evidenceDigest]: ['transparency-log', 'oci-registry'] as const,
      };
      expect(briefly({ verifications, places: elsewhere })[0]).not.toBe(
        'no-signature',
      );
      expect(briefly({ verifications })[0]).not.toBe('no-signature');
    }
  });

  it('what only a log has satisfies, where no place is asked for', () => {
    const verifications = [evidence];
    expect(briefly({ verifications, ...stored('transparency-log') })).toEqual([
      'expected-signer',
    ]);
  });
});
