import { selects } from './entitySelection';
import { JudgeInput, judge } from './judge';
import {
  GITHUB,
  RELEASE,
  distrust,
  input,
  policy,
  sound,
} from './__testUtils__/verifications';

const SLSA = 'https://slsa.dev/provenance/v1';

const briefly = (changes: Partial<JudgeInput>) => {
  const { status, findings } = judge(input(changes));
  return [status, ...findings.map(({ code }) => code)];
};

it('an authority that names nobody is nobody', () => {
  const policies = [policy('p', { authority: { keyless: undefined } })];
  const verdict = judge(input({ policies, verifications: [sound()] }));
  expect(verdict.status).toBe('unexpected-signer');
  expect(verdict.expected).toEqual([]);
});

it('an extension is exact: a dot of the repository is a dot', () => {
  const extensions = {
    sourceRepositoryURI: 'https://github.com/{{ repository }}',
  };
  const of = (sourceRepositoryURI: string) =>
    judge(
      input({
        policies: [policy('p', { extensions })],
        verifications: [sound({ extensions: { sourceRepositoryURI } })],
        entity: { ref: 'component:default/x', repository: 'acme/check.out' },
      }),
    );
  const own = of('https://github.com/acme/check.out');
  expect(own.status).toBe('expected-signer');
  expect(own.expected[0].extensions).toEqual({
    sourceRepositoryURI: 'https://github.com/acme/check.out',
  });
  const other = of('https://github.com/acme/check-out');
  expect(other.status).toBe('unexpected-signer');
  expect(other.findings[0].comparisons).toContainEqual({
    aspect: 'sourceRepositoryURI',
    found: 'https://github.com/acme/check-out',
    expected: 'https://github.com/acme/check.out',
  });
  expect(of('https://github.com/acme/check\\.out').status).toBe(
    'unexpected-signer',
  );
});

it('attestations are asked for, also where only a signature is said to be', () => {
  const policies = [
    policy('p', {
      authority: {
        require: 'signature',
        attestations: [{ predicateType: SLSA }],
      },
    }),
  ];
  expect(briefly({ policies, verifications: [sound()] })).toEqual([
    'evidence-incomplete',
    'predicate-missing',
  ]);
});

it('a pattern is shown as one, with the repository as it is matched', () => {
  const identity = {
    issuer: GITHUB,
    subjectRegExp: 'https://github\\.com/{{ repository }}/.*',
  };
  const shown = (repository?: string) =>
    judge(
      input({
        policies: [policy('p', { identity })],
        entity: { ref: 'component:default/x', repository },
      }),
    ).expected[0];
  expect(shown('acme/check.out')).toMatchObject({
    identity: 'https://github\\.com/acme/check\\.out/.*',
    pattern: true,
  });
  expect(shown()).toMatchObject({
    identity: identity.subjectRegExp,
    pattern: true,
  });
});

it('a distrusted issuer that cannot be read is any, not none', () => {
  for (const identity of [
    { issuerRegExp: '(', subject: RELEASE },
    { issuerRegExp: '(', subject: 'https://other' },
    { issuer: 'https://x', subjectRegExp: '(' },
  ]) {
    const distrusts = [distrust({ identity })];
    expect(briefly({ distrusts, verifications: [sound()] })).toEqual([
      'unexpected-signer',
      'signer-distrusted',
    ]);
  }
});

it('where evidence is stored may not be known', () => {
  const policies = [policy('p', { spec: { evidence: ['bundle-store'] } })];
  const { findings } = judge(input({ policies, verifications: [sound()] }));
  expect(findings[0].comparisons).toEqual([
    {
      aspect: 'place',
      found: 'none that is known',
      expected: 'bundle-store',
    },
  ]);
});

describe('how failures are shown', () => {
  const nobody = { issuer: 'https://x', subject: 'x' };

  it('is as the strictest of the rules wants that are not satisfied', () => {
    for (const modes of [
      ['enforce', 'warn'],
      ['warn', 'enforce'],
    ] as const) {
      const policies = modes.map((mode, at) =>
        policy(`p${at}`, { mode, identity: nobody }),
      );
      expect(judge(input({ policies, verifications: [sound()] })).mode).toBe(
        'enforce',
      );
      const pending = { digest: undefined, lookups: [] };
      expect(judge(input({ policies, ...pending })).mode).toBe('enforce');
    }
  });

  it('is nobody’s to say where there is no rule', () => {
    const entity = { ref: 'component:default/x' };
    for (const changes of [{}, { digest: undefined, lookups: [] }]) {
      const verdict = judge(input({ policies: [], entity, ...changes }));
      expect(verdict.mode).toBeUndefined();
    }
  });
});

it('an operator beside a field decides nothing by itself', () => {
  const component = { kind: 'Component', known: ['kind'] };
  expect(selects({ $all: [], kind: 'API' }, component)).toBe(false);
  expect(selects({ $not: { kind: 'API' }, kind: 'API' }, component)).toBe(
    false,
  );
});
