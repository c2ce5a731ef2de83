import { generateKeyPairSync } from 'crypto';
import { loadTrustPolicies } from './loadTrustPolicies';

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
          - issuer: https://accounts.google.com
            subject: jane@acme.example
`;
const DISTRUST = `apiVersion: cloudythings.io/v1alpha1
kind: Distrust
metadata:
  name: stolen
spec:
  distrusted:
    - trustedRoot: acme
  reason: it was stolen
`;

const load = (text: string, trustedRoots: string[] | 'any' = ['acme']) =>
  loadTrustPolicies([{ path: 'p.yaml', text }], { trustedRoots });

const withReference = (reference: string) =>
  POLICY.replace('ghcr.io/acme/**', JSON.stringify(reference));

const withEntity = (entity: unknown) =>
  POLICY.replace(
    'reference:',
    `entity: ${JSON.stringify(entity)}\n      reference:`,
  );

describe('documents', () => {
  it('are told apart by their kind', () => {
    const { policies, distrusts } = load(`${POLICY}---\n${DISTRUST}`);
    expect(policies.map(({ metadata }) => metadata.name)).toEqual(['images']);
    expect(policies.map(({ kind }) => kind)).toEqual(['TrustPolicy']);
    expect(distrusts.map(({ metadata }) => metadata.name)).toEqual(['stolen']);
    expect(distrusts.map(({ kind }) => kind)).toEqual(['Distrust']);
  });

  it('come in the order of their names, however they are written', () => {
    const named = (name: string) => POLICY.replace('images', name);
    for (const names of ['bac', 'cab', 'abc', 'cba']) {
      const { policies } = load([...names].map(named).join('---\n'));
      expect(policies.map(({ metadata }) => metadata.name)).toEqual([
        'a',
        'b',
        'c',
      ]);
    }
  });

  it('may name any root where those that are configured are not known', () => {
    expect(load(POLICY, 'any').policies).toHaveLength(1);
    expect(() => load(POLICY, ['other'])).toThrow('Use one of: other.');
  });
});

describe('a value that is not there', () => {
  it.each([
    ['of the whole document', '~\n', 'p.yaml:1: '],
    [
      'of a field',
      POLICY.replace('name: images', 'name:'),
      'p.yaml:4: metadata.name: this should be text, not empty.',
    ],
    [
      'of a part',
      POLICY.replace(/spec:[^]*/, 'spec:\n'),
      'p.yaml:5: spec: this should be fields with values, not empty.',
    ],
    [
      'of what is a number instead',
      POLICY.replace('kind: image', 'kind: 12'),
      'p.yaml:7: spec.artifacts[0].kind: this is not known here.',
    ],
  ])('%s is a mistake', (_, text, words) => {
    expect(() => load(text)).toThrow(words);
  });

  it('is found where it stands, in a later document, too', () => {
    const text = `${DISTRUST}---\n${POLICY.replace(
      'name: images',
      '__proto__: {}',
    )}`;
    expect(() => load(text)).toThrow(/^p\.yaml:10: .*a field __proto__/);
  });
});

describe('a reference', () => {
  it.each([
    'ghcr.io/acme/app:latest',
    'ghcr.io/acme/app:latest-*',
    'ghcr.io/acme/app:latest@sha256:*',
  ])('%s is canonical', reference => {
    expect(load(withReference(reference)).policies).toHaveLength(1);
  });

  it.each([
    [
      'oci://ghcr.io/acme/file:1@sha256:*',
      'Write ghcr.io/acme/file:1@sha256:*',
    ],
    ['oci://ghcr.io/acme/app:latest', 'Write ghcr.io/acme/app:latest'],
    ['ghcr.io/{{ repository }}:*', 'values are not filled in here.'],
  ])('%s is not', (reference, words) => {
    expect(() => load(withReference(reference))).toThrow(words);
  });
});

describe('a condition on the entity', () => {
  it.each([
    { kind: 'Component' },
    { kind: 'Component', 'spec.type': 'service' },
    { $all: [{ kind: 'Component' }, { 'spec.type': 'service' }] },
    { $any: [{ kind: 'API' }, { $not: { 'spec.type': 'service' } }] },
    { 'spec.type': { $in: ['service', 'website'] } },
    { 'spec.type': { $exists: true }, kind: 'Component' },
    { 'metadata.tags': { $contains: 'pci' } },
    { 'metadata.name': { $hasPrefix: 'acme-' } },
  ])('%j', entity => {
    expect(load(withEntity(entity)).policies).toHaveLength(1);
  });

  it.each([
    { $all: [] },
    { $any: [] },
    { 'spec.type': { $in: [] } },
    { kind: 'Component', $all: [{ kind: 'Component' }] },
    { $any: [{ kind: 'API' }], $all: [{ kind: 'API' }] },
    { 'spec.type': { $in: ['a'], $exists: true } },
    { kind: 'API', 'spec.type': { $in: ['a'], $exists: true } },
    { $all: [{ kind: 'API' }, { 'spec.type': { $in: ['a'], $exists: true } }] },
    { $all: [{ kind: 'API' }, { $any: [] }] },
    { $not: { $all: [] } },
    { kind: { $later: 'x' } },
    { kind: { $later: ['x'] } },
    { $some: [{ kind: 'API' }] },
    { $some: 'x' },
    { kind: null },
    { $all: [null] },
  ])('%j is none', entity => {
    expect(() => load(withEntity(entity))).toThrow(
      'this is not a catalog filter predicate.',
    );
  });
});

describe('a key', () => {
  const pem = generateKeyPairSync('ed25519')
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();
  const withKey = (data: string) =>
    POLICY.replace(
      /keyless:[^]*/,
      `key: ${JSON.stringify({ trustedRoot: 'acme', data })}\n`,
    );

  it('is one public key and nothing else', () => {
    expect(load(withKey(pem)).policies).toHaveLength(1);
    expect(load(withKey(`\n${pem}\n`)).policies).toHaveLength(1);
    for (const data of [`x${pem}`, `x\n${pem}`, `${pem}x`, pem + pem, '']) {
      expect(() => load(withKey(data))).toThrow('key.data: this is ');
    }
  });

  it.each(['', 'EC ', 'RSA ', 'ENCRYPTED ', 'OPENSSH ', 'ENCRYPTED SIGSTORE '])(
    'that is private is refused wherever it stands: %sPRIVATE KEY',
    form => {
      const text = `# -----BEGIN ${form}PRIVATE KEY-----\n${POLICY}`;
      expect(() => load(text)).toThrow('p.yaml:1: this is a private key.');
    },
  );
});
