import { TrustPolicyError } from './TrustPolicyError';
import { loadTrustPolicies } from './loadTrustPolicies';

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
        `policies/0.yaml:8: spec.artifacts[0].reference: references are never compared in this form. Write ${canonical}`,
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
