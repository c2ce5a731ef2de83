import { TrustPolicyError, loadTrustPolicies } from './loadTrustPolicies';

const KNOWN = { trustedRoots: ['acme', 'public-good'] };
const POLICY = `apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata:
  name: images
spec:
  artifacts:
    - kind: image
      reference: ghcr.io/acme/**
  authorities:
    - name: release
      keyless:
        trustedRoot: acme
        identities:
          - issuer: https://token.actions.githubusercontent.com
            subjectRegExp: https://github\\.com/{{ repository }}/.*
`;

function load(...texts: string[]) {
  const files = texts.map((text, index) => ({
    path: `policies/${index}.yaml`,
    text,
  }));
  return loadTrustPolicies(files, KNOWN);
}

function problemOf(text: string): string {
  try {
    load(text);
  } catch (error) {
    expect(error).toBeInstanceOf(TrustPolicyError);
    return (error as Error).message;
  }
  throw new Error('it was loaded');
}

describe('loadTrustPolicies', () => {
  it('reads several documents of several files, in the order of names', () => {
    const more = `${POLICY.replace('images', 'b')}---\n${POLICY.replace(
      'images',
      'a',
    )}`;
    const { policies } = load(POLICY, more, '# nothing here\n');
    expect(policies.map(({ metadata }) => metadata.name)).toEqual([
      'a',
      'b',
      'images',
    ]);
    expect(policies[0].spec.mode).toBe('enforce');
  });

  it('the digest follows what policies say, not how they are written', () => {
    const other = POLICY.replace('images', 'other');
    const { digest } = load(POLICY, other);
    expect(load(`# words\n${other}---\n${POLICY}`).digest).toBe(digest);
    expect(load(POLICY).digest).not.toBe(digest);
    expect(load(POLICY, other.replace('acme/**', 'acme/*')).digest).not.toBe(
      digest,
    );
  });

  it.each([
    [
      'a field that is not known',
      POLICY.replace(
        '  artifacts:',
        '  exception: { until: 2030-01-01 }\n  artifacts:',
      ),
      'policies/0.yaml:6: spec.exception: this field is not known.',
    ],
    [
      'a field that is not known, further in',
      POLICY.replace(
        '            subjectRegExp',
        '            issuerRegExp: .*\n            subjectRegExp',
      ),
      'policies/0.yaml:15: spec.authorities.0.keyless.identities.0.issuerRegExp: this field is not known.',
    ],
    [
      'an identity without an issuer',
      POLICY.replace(
        '- issuer: https://token.actions.githubusercontent.com\n            subject',
        '- subject',
      ),
      'policies/0.yaml:14: spec.authorities.0.keyless.identities.0.issuer: an identity needs its issuer',
    ],
    [
      'an identity without a subject',
      POLICY.replace(/\n +subjectRegExp.*/, ''),
      'policies/0.yaml:14: spec.authorities.0.keyless.identities.0: write either subject or subjectRegExp',
    ],
    [
      'a missing field',
      POLICY.replace('        trustedRoot: acme\n', ''),
      'spec.authorities.0.keyless.trustedRoot: this field is missing.',
    ],
    [
      'another kind of document',
      POLICY.replace('TrustPolicy', 'ConfigMap'),
      'policies/0.yaml:2: kind: ',
    ],
    [
      'a trusted root that is not configured',
      POLICY.replace('trustedRoot: acme', 'trustedRoot: acem'),
      'policies/0.yaml:12: spec.authorities.0.keyless.trustedRoot: no trusted root "acem" is configured. Use one of: acme, public-good.',
    ],
    [
      'a value that there is not',
      POLICY.replace('{{ repository }}', '{{ owner }}'),
      'policies/0.yaml:15: spec.authorities.0.keyless.identities.0.subjectRegExp: there is no value {{ owner }}.',
    ],
    [
      'a value that is not closed',
      POLICY.replace('{{ repository }}', '{{ repository }'),
      'is not closed',
    ],
    [
      'a value in an issuer',
      POLICY.replace(
        'issuer: https://token.actions.githubusercontent.com',
        'issuer: "https://{{ repository }}"',
      ),
      'policies/0.yaml:14: spec.authorities.0.keyless.identities.0.issuer: values are not filled in here.',
    ],
    [
      'a value in a reference',
      POLICY.replace('ghcr.io/acme/**', 'ghcr.io/{{ repository }}/**'),
      'policies/0.yaml:8: spec.artifacts.0.reference: values are not filled in here.',
    ],
    [
      'no regular expression',
      POLICY.replace('/.*', '/('),
      'policies/0.yaml:15: spec.authorities.0.keyless.identities.0.subjectRegExp: this is not a regular expression in RE2 syntax',
    ],
    [
      'a regular expression that RE2 does not know',
      POLICY.replace('/.*', '/(a)\\1(?=b)'),
      'this is not a regular expression in RE2 syntax',
    ],
    [
      'a regular expression that closes its group',
      POLICY.replace('/.*', '/a)|(.*'),
      'this is not a regular expression in RE2 syntax',
    ],
    [
      'a regular expression that is too long',
      POLICY.replace('/.*', `/${'a'.repeat(1024)}`),
      'policies/0.yaml:15: spec.authorities.0.keyless.identities.0.subjectRegExp: ',
    ],
    [
      'the name of the built-in rule',
      POLICY.replace('name: images', 'name: same-repository'),
      'policies/0.yaml:4: metadata.name: "same-repository" is the built-in rule.',
    ],
    [
      'a name that is taken',
      `${POLICY}---\n${POLICY}`,
      'policies/0.yaml:20: metadata.name: a policy "images" is already at policies/0.yaml:4.',
    ],
    ['no YAML', 'a: [', 'policies/0.yaml:1: this is not YAML'],
    [
      'a key twice',
      `${POLICY}kind: TrustPolicy\n`,
      'policies/0.yaml:16: this is not YAML',
    ],
    ['a list', '- a\n', 'policies/0.yaml:1: the document: '],
  ])('refuses %s', (_, text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  it('one mistake and none is used', () => {
    expect(() => load(POLICY, 'kind: Nothing\n')).toThrow('policies/1.yaml:1');
  });

  describe('references in the form in which they are compared', () => {
    const withReference = (reference: string) =>
      POLICY.replace('ghcr.io/acme/**', JSON.stringify(reference));

    it.each([
      ['ghcr.io:443/acme/**', 'ghcr.io/acme/**'],
      ['ghcr.io:0443/acme/app:*', 'ghcr.io/acme/app:*'],
      ['oci://ghcr.io/acme/app:1.*', 'ghcr.io/acme/app:1.*'],
      ['index.docker.io/acme/**', 'docker.io/acme/**'],
      ['index.docker.io:443/acme/app@**', 'docker.io/acme/app@**'],
      ['docker.io/nginx:*', 'docker.io/library/nginx:*'],
      ['docker.io/nginx:**', 'docker.io/library/nginx:**'],
      ['docker.io/*', 'docker.io/library/*'],
      ['file:///plans/**', 'file:/plans/**'],
      ['file:/plans//prod/*.json', 'file:/plans/prod/*.json'],
      ['https://Plans.example/prod/**', 'https://plans.example/prod/**'],
      ['https://plans.example:443/**', 'https://plans.example/**'],
      ['https://plans.example/%70rod/**', 'https://plans.example/prod/**'],
      [
        'https://plans.example/prod//*.json',
        'https://plans.example/prod/*.json',
      ],
    ])('refuses %s, which would cover nothing', (written, canonical) => {
      expect(problemOf(withReference(written))).toBe(
        `policies/0.yaml:8: spec.artifacts.0.reference: references are never compared in this form. Write ${canonical}`,
      );
      expect(load(withReference(canonical)).policies).toHaveLength(1);
    });

    it.each([
      '**',
      '*.example/acme/**',
      'ghcr.io/**',
      'ghcr.io/acme/app',
      'ghcr.io/acme/app@sha256:*',
      'ghcr.io/acme/**:1.*',
      'acme.example:5000/**',
      'docker.io/**',
      'docker.io/acme/*',
      'file:**',
      'file:/plans/**/plan.json',
      'https://plans.example/**',
      'https://*.example/prod/*',
      'https://plans.example/%C3%BC/**',
    ])('reads %s', reference => {
      expect(load(withReference(reference)).policies).toHaveLength(1);
    });
  });
});
