import { trustPolicySchema } from './trustPolicy';

/** A policy as the YAML reader gives it, with a change to try out. */
function policy(change: (document: any) => void = () => {}) {
  const document = {
    apiVersion: 'cloudythings.io/v1alpha1',
    kind: 'TrustPolicy',
    metadata: { name: 'images' },
    spec: {
      artifacts: [{ kind: 'image', reference: 'ghcr.io/acme/**' }],
      authorities: [
        {
          name: 'release-pipeline',
          keyless: {
            trustedRoot: 'public-good',
            identities: [
              {
                issuer: 'https://token.actions.githubusercontent.com',
                subjectRegExp: 'https://github\\.com/acme/.*',
              },
            ],
          },
          attestations: [{ predicateType: 'https://slsa.dev/provenance/v1' }],
        },
      ],
    },
  };
  change(document);
  return trustPolicySchema.safeParse(document);
}

const identity = (d: any) => d.spec.authorities[0].keyless.identities[0];

describe('trustPolicySchema', () => {
  it('reads a policy and enforces it unless told otherwise', () => {
    expect(policy().data?.spec.mode).toBe('enforce');
    expect(policy(d => (d.spec.mode = 'warn')).data?.spec.mode).toBe('warn');
  });

  it.each<[string, (document: any) => void]>([
    ['another version', d => (d.apiVersion = 'cloudythings.io/v2')],
    ['no kind of artifact', d => (d.spec.artifacts = [])],
    ['an unknown kind', d => (d.spec.artifacts[0].kind = 'jar')],
    ['no authority', d => (d.spec.authorities = [])],
    ['no trusted root', d => delete d.spec.authorities[0].keyless.trustedRoot],
    ['no identity', d => (d.spec.authorities[0].keyless.identities = [])],
    ['an identity without an issuer', d => delete identity(d).issuer],
    ['an identity without a subject', d => delete identity(d).subjectRegExp],
    ['two subjects', d => (identity(d).subject = 'x')],
    [
      'a pattern without an end',
      d => (identity(d).subjectRegExp = 'a'.repeat(1025)),
    ],
    [
      'an empty list of attestations',
      d => (d.spec.authorities[0].attestations = []),
    ],
    ['a misspelt mode', d => (d.spec.mode = 'enforced')],
    ['a name that is no name', d => (d.metadata.name = 'Images!')],
  ])('refuses %s', (_, change) => {
    expect(policy(change).success).toBe(false);
  });

  it.each<[string, (document: any) => any]>([
    ['the document', d => d],
    ['metadata', d => d.metadata],
    ['spec', d => d.spec],
    ['an artifact', d => d.spec.artifacts[0]],
    ['an authority', d => d.spec.authorities[0]],
    ['keyless', d => d.spec.authorities[0].keyless],
    ['an identity', identity],
    ['an attestation', d => d.spec.authorities[0].attestations[0]],
  ])('refuses a field it does not know in %s', (_, place) => {
    const result = policy(d => (place(d).expires = '30d'));
    expect(JSON.stringify(result.error?.issues)).toContain('expires');
  });
});
