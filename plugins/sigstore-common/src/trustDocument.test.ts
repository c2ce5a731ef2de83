import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { readFileSync } from 'fs';
import { resolve } from 'path';
import { trustDocumentSchema } from './trustDocument';
import { trustDocumentJsonSchema } from './trustDocumentJsonSchema';

const FILE = resolve(__dirname, '../schema/trust-policy.schema.json');
const published = JSON.parse(readFileSync(FILE, 'utf8'));
const ajv = new Ajv({
  strict: true,
  strictRequired: false,
  strictTypes: false,
});
addFormats(ajv);
const validate = ajv.compile(published);

const POLICY = {
  apiVersion: 'cloudythings.io/v1alpha1',
  kind: 'TrustPolicy',
  metadata: { name: 'images' },
  spec: {
    artifacts: [
      {
        kind: 'image',
        reference: 'ghcr.io/acme/**',
        entity: { kind: 'Component', 'spec.type': { $in: ['service'] } },
      },
    ],
    evidence: ['oci-registry'],
    authorities: [
      {
        name: 'release',
        keyless: {
          trustedRoot: 'acme',
          identities: [
            { issuer: 'https://gitlab.com', subject: 'https://gitlab.com/a' },
            { issuerRegExp: 'https://.*', subjectRegExp: '.*' },
          ],
          extensions: { runnerEnvironment: 'github-hosted' },
        },
        signedAfter: '2026-01-01T00:00:00Z',
        signedBefore: '2027-01-01T00:00:00Z',
        require: 'both',
        attestations: [{ predicateType: 'https://slsa.dev/provenance/v1' }],
      },
      { name: 'key', key: { trustedRoot: 'acme', data: 'a public key' } },
    ],
    repositoryFrom: 'managed-by-location',
    mode: 'warn',
    exception: { until: '2027-01-31', owner: 'us', reason: 'moving' },
    maxAge: '30d',
  },
};
const DISTRUST = {
  apiVersion: 'cloudythings.io/v1alpha1',
  kind: 'Distrust',
  metadata: { name: 'stolen' },
  spec: {
    distrusted: [
      { identity: { issuer: 'https://gitlab.com', subject: 'jane' } },
      { trustedRoot: 'acme', commit: '0'.repeat(40) },
      { trustedRoot: 'acme' },
      { bundle: `sha256:${'0'.repeat(64)}` },
      { key: { data: 'a public key' } },
    ],
    signedAfter: '2026-01-01T00:00:00Z',
    reason: 'a laptop was stolen',
  },
};

type Change = (document: any) => void;
const changed = (document: object, change: Change) => {
  const copy = structuredClone(document);
  change(copy);
  return copy;
};
const [authority, identity] = [
  (d: any) => d.spec.authorities[0],
  (d: any) => d.spec.authorities[0].keyless.identities[0],
];

const BAD: [string, object, Change][] = [
  ['no kind', POLICY, d => delete d.kind],
  ['another kind', POLICY, d => (d.kind = 'ConfigMap')],
  ['the fields of another kind', POLICY, d => (d.kind = 'Distrust')],
  ['another version', POLICY, d => (d.apiVersion = 'v1')],
  ['no name', POLICY, d => delete d.metadata.name],
  ['an unknown field', POLICY, d => (d.spec.colour = 'red')],
  ['another kind of artifact', POLICY, d => (d.spec.artifacts[0].kind = 'jar')],
  ['an empty condition', POLICY, d => (d.spec.artifacts[0].entity = {})],
  ['no issuer', POLICY, d => delete identity(d).issuer],
  ['two issuers', POLICY, d => (identity(d).issuerRegExp = '.*')],
  ['no subject', POLICY, d => delete identity(d).subject],
  ['two subjects', POLICY, d => (identity(d).subjectRegExp = '.*')],
  ['no root', POLICY, d => delete authority(d).keyless.trustedRoot],
  ['no extension', POLICY, d => (authority(d).keyless.extensions = {})],
  ['nobody who signs', POLICY, d => delete authority(d).keyless],
  [
    'a key as well',
    POLICY,
    d => (authority(d).key = { trustedRoot: 'a', data: 'b' }),
  ],
  [
    'no attestations that are required',
    POLICY,
    d => delete authority(d).attestations,
  ],
  [
    'attestations that are not required',
    POLICY,
    d => (authority(d).require = 'signature'),
  ],
  ['a day as a time', POLICY, d => (authority(d).signedAfter = '2026-01-01')],
  ['another place', POLICY, d => (d.spec.evidence = ['floppy'])],
  ['an age without unit', POLICY, d => (d.spec.maxAge = '30')],
  ['an exception without an end', POLICY, d => delete d.spec.exception.until],
  ['distrust of nothing', DISTRUST, d => (d.spec.distrusted[0] = {})],
  [
    'distrust of two things',
    DISTRUST,
    d => (d.spec.distrusted[0].commit = '0'.repeat(40)),
  ],
  [
    'half a commit',
    DISTRUST,
    d => (d.spec.distrusted[1].commit = '0'.repeat(20)),
  ],
  ['no reason', DISTRUST, d => delete d.spec.reason],
];

describe('the published JSON Schema', () => {
  it('is up to date (npm run yarn -- docs:policy-schema)', () => {
    expect(published).toEqual(
      JSON.parse(JSON.stringify(trustDocumentJsonSchema())),
    );
  });

  it.each([
    ['a policy with every field', POLICY],
    ['distrust with every field', DISTRUST],
  ])('takes %s, as loading does', (_, document) => {
    expect(validate(document)).toBe(true);
    expect(trustDocumentSchema.safeParse(document).success).toBe(true);
  });

  it.each(BAD)('refuses %s, as loading does', (_, document, change) => {
    expect(validate(changed(document, change))).toBe(false);
    expect(
      trustDocumentSchema.safeParse(changed(document, change)).success,
    ).toBe(false);
  });

  it('says what every field of its own is for', () => {
    const silent: string[] = [];
    const visit = (schema: any, place: string) => {
      for (const one of schema.oneOf ?? []) visit(one, place);
      for (const [name, inner] of Object.entries<any>(
        schema.properties ?? {},
      )) {
        const isLeaf = !inner.properties && inner.const === undefined;
        if (isLeaf && !inner.description) silent.push(`${place}.${name}`);
        visit(inner, `${place}.${name}`);
        if (inner.items) visit(inner.items, `${place}.${name}[]`);
      }
    };
    visit(published, '');
    expect(silent).toEqual([]);
  });
});
