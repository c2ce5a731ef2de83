import { generateKeyPairSync } from 'crypto';
import { keysOf, loadTrustPolicies } from '..';

const KEYS = [0, 1].map(() =>
  String(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
      type: 'spki',
      format: 'pem',
    }),
  ),
);
const block = (pem: string) => pem.trim().replaceAll('\n', '\n          ');

const POLICY = `apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata: { name: images }
spec:
  artifacts:
    - { kind: image, reference: ghcr.io/acme/** }
    - { kind: manifest }
  evidence: [oci-registry, github]
  authorities:
    - name: release
      keyless:
        trustedRoot: acme
        identities:
          - { issuer: https://accounts.google.com, subject: jane@acme.example }
          - { issuer: https://accounts.google.com, subject: joe@acme.example }
        extensions: { buildTrigger: push }
      signedAfter: 2026-01-01T00:00:00Z
      attestations: [{ predicateType: a }, { predicateType: b }]
    - name: key
      key:
        trustedRoot: acme
        data: |
          ${block(KEYS[0])}
  exception: { until: 2027-01-31, owner: us, reason: moving }
  maxAge: 2d
`;
const DISTRUST = `apiVersion: cloudythings.io/v1alpha1
kind: Distrust
metadata: { name: stolen }
spec:
  distrusted:
    - { identity: { issuer: https://accounts.google.com, subject: joe@acme.example } }
    - trustedRoot: acme
      key:
        data: |
          ${block(KEYS[1])}
  signedAfter: 2026-06-01T00:00:00Z
  reason: his laptop was stolen
`;

function load(...texts: string[]) {
  const files = texts.map((text, index) => ({ path: `${index}.yaml`, text }));
  return loadTrustPolicies(files, { trustedRoots: ['acme', 'other'] });
}

const { digest } = load(POLICY, DISTRUST);

describe('the digest of policies', () => {
  it.each<[string, string, string]>([
    ['mode written out', 'spec:\n', 'spec:\n  mode: enforce\n'],
    [
      'repositoryFrom written out',
      'spec:\n',
      'spec:\n  repositoryFrom: managed-by-location\n',
    ],
    [
      'require written out',
      '- name: release',
      '- name: release\n      require: attestations',
    ],
    ['a duration in hours', 'maxAge: 2d', 'maxAge: 48h'],
    ['a time with its fraction', '01-01T00:00:00Z', '01-01T00:00:00.000Z'],
    [
      'places in another order',
      '[oci-registry, github]',
      '[github, oci-registry]',
    ],
    [
      'a place twice',
      '[oci-registry, github]',
      '[oci-registry, github, github]',
    ],
    [
      'attestations in another order',
      '[{ predicateType: a }, { predicateType: b }]',
      '[{ predicateType: b }, { predicateType: a }]',
    ],
    ['a comment', 'spec:\n', 'spec: # words\n'],
    ['a key wrapped otherwise', '-----\n  maxAge', '-----\n\n  maxAge'],
  ])('does not depend on how they are written: %s', (_, from, to) => {
    expect(
      load(
        DISTRUST,
        POLICY.replace(from, () => to),
      ).digest,
    ).toBe(digest);
  });

  it.each<[string, string, string]>([
    ['name', 'name: images', 'name: image'],
    ['kind', 'kind: manifest', 'kind: pipeline'],
    ['reference', 'acme/**', 'acme/*'],
    [
      'entity',
      '{ kind: manifest }',
      '{ kind: manifest, entity: { kind: API } }',
    ],
    ['evidence', '[oci-registry, github]', '[github]'],
    ['authority', '- name: release', '- name: releases'],
    ['trusted root', 'trustedRoot: acme', 'trustedRoot: other'],
    [
      'issuer',
      'issuer: https://accounts.google.com',
      'issuer: https://gitlab.com',
    ],
    ['subject', 'jane@', 'joan@'],
    ['subject as a pattern', 'subject: jane', 'subjectRegExp: jane'],
    ['extension', 'buildTrigger: push', 'buildTrigger: release'],
    ['start', 'signedAfter: 2026-01-01', 'signedAfter: 2026-01-02'],
    ['start as an end', 'signedAfter', 'signedBefore'],
    ['requirement', '- name: release', '- name: release\n      require: both'],
    ['attestation', '{ predicateType: b }', '{ predicateType: c }'],
    ['key', block(KEYS[0]), block(KEYS[1])],
    ['exception', '2027-01-31', '2027-02-01'],
    ['age', 'maxAge: 2d', 'maxAge: 2h'],
    ['mode', 'spec:\n', 'spec:\n  mode: warn\n'],
    ['repositoryFrom', 'spec:\n', 'spec:\n  repositoryFrom: source-location\n'],
  ])('follows what they say: %s', (_, from, to) => {
    expect(POLICY).toContain(from);
    const changed = POLICY.replace(from, () => to);
    expect(load(changed, DISTRUST).digest).not.toBe(digest);
  });

  it.each<[string, string, string]>([
    ['identity', 'joe@', 'jane@'],
    ['root', 'trustedRoot: acme\n', 'trustedRoot: other\n'],
    ['key', block(KEYS[1]), block(KEYS[0])],
    ['window', 'signedAfter', 'signedBefore'],
    ['reason', 'laptop', 'phone'],
  ])('follows what is distrusted: %s', (_, from, to) => {
    expect(DISTRUST).toContain(from);
    const changed = DISTRUST.replace(from, () => to);
    expect(load(POLICY, changed).digest).not.toBe(digest);
  });

  it('follows which documents there are', () => {
    expect(load(POLICY).digest).not.toBe(digest);
    expect(load(DISTRUST).digest).not.toBe(digest);
  });
});

describe('keysOf', () => {
  const { policies, distrusts } = load(POLICY, DISTRUST);

  it('are those that policies and distrusts name beside the root', () => {
    const keys = keysOf([...policies, ...distrusts], 'acme');
    expect(keys.map(pem => pem.trim())).toEqual(KEYS.map(pem => pem.trim()));
    expect(keysOf(policies, 'acme')).toHaveLength(1);
    expect(keysOf([...policies, ...distrusts], 'other')).toEqual([]);
  });

  it('come once each', () => {
    expect(keysOf([...policies, ...policies], 'acme')).toHaveLength(1);
  });
});
