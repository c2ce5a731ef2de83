import { Entity } from '@backstage/catalog-model';
import { JsonObject } from '@backstage/types';
import {
  TrustPolicy,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { judge, loadTrustPolicies } from '@cloudythings/sigstore-engine';
import { MAX_DOCUMENT, documentOf, isReduced } from './entityDocument';

const LOCATION = 'url:https://github.com/acme/checkout/tree/main/';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const ISSUER = 'https://token.actions.githubusercontent.com';

const entity = (
  metadata: object = {},
  spec: JsonObject = {},
  more: Partial<Entity> = {},
): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'checkout',
    namespace: 'production',
    uid: 'u',
    annotations: { 'backstage.io/managed-by-location': LOCATION },
    ...metadata,
  },
  spec: { type: 'service', owner: 'team', custom: 'x', ...spec },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/team' }],
  ...more,
});

function policies(predicate: string): TrustPolicy[] {
  const text = (name: string, artifact: string, identity: string) => `---
apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata: { name: ${name} }
spec:
  artifacts: [{ kind: image${artifact} }]
  authorities:
    - name: one
      keyless:
        trustedRoot: acme
        identities: [{ issuer: '${ISSUER}', ${identity} }]
`;
  const all =
    text('all', '', "subjectRegExp: 'https://github\\.com/acme/.*'") +
    text('strict', `, entity: ${predicate}`, "subject: 'https://strict'");
  return loadTrustPolicies([{ path: 'p.yaml', text: all }], {
    trustedRoots: ['acme'],
  }).policies;
}

const signed: Verification = {
  evidenceDigest: `sha256:${'e'.repeat(64)}`,
  artifactDigest: DIGEST,
  trustedRoot: 'acme',
  profileDigest: 'p',
  engineRevision: 'r',
  checks: [],
  findings: [],
  facts: {
    signer: {
      trustedRoot: 'acme',
      issuer: ISSUER,
      identity: 'https://github.com/acme/playground',
      identityType: 'uri',
      extensions: {},
    },
    times: [],
    logEntries: [],
    content: { type: 'message-signature' },
  },
};

/** Signed as the policy behind the strict one wants it, and not as that does. */
const statusUnder = (predicate: string, given: Entity) =>
  judge({
    kind: 'image',
    reference: 'ghcr.io/acme/checkout:1',
    digest: DIGEST,
    verifications: [signed],
    lookups: [{ source: 's', outcome: 'found', askedAt: '2026-01-01' }],
    findings: [],
    policies: policies(predicate),
    entity: {
      ref: 'component:production/checkout',
      document: documentOf(given),
    },
    now: '2026-01-01T00:00:00.000Z',
  }).status;

const PAD = 'x'.repeat(MAX_DOCUMENT);

describe('documentOf', () => {
  it.each<[string, Entity]>([
    ['a long description', entity({ description: PAD })],
    ['many labels', entity({ labels: { a: PAD } })],
    ['a long owner', entity({}, { owner: PAD })],
    ['long names', entity({ [PAD]: 1 }, { [PAD]: 1 })],
    [
      'many relations',
      entity(
        {},
        {},
        {
          relations: Array(5000).fill({
            type: 'dependsOn',
            targetRef: 'a:b/c',
          }),
        },
      ),
    ],
    [
      'many long annotations',
      entity({
        annotations: Object.fromEntries(
          [...Array(500)].map((_, at) => [
            `${'n'.repeat(60)}${at}`,
            'x'.repeat(1025),
          ]),
        ),
      }),
    ],
  ])('%s: what names the entity stays known', (_, given) => {
    const document = documentOf(given);
    expect(JSON.stringify(document).length).toBeLessThanOrEqual(MAX_DOCUMENT);
    expect(statusUnder('{ metadata.namespace: production }', given)).toBe(
      'unexpected-signer',
    );
    expect(statusUnder('{ metadata.namespace: default }', given)).toBe(
      'expected-signer',
    );
  });

  it('tells only of an entity that is too large that it is', () => {
    expect(isReduced(documentOf(entity()))).toBe(false);
    expect(isReduced(documentOf(entity({}, {}, { kind: 'API' })))).toBe(false);
    expect(isReduced(documentOf(entity({ description: PAD })))).toBe(true);
  });

  // Else whoever edits the entity would get rid of the strict policy by it.
  it.each<[string, string, Entity, string]>([
    [
      'a label',
      '{ metadata.labels.a: b }',
      entity({ description: PAD }),
      'could-not-check',
    ],
    ['no such label', '{ metadata.labels.a: b }', entity(), 'expected-signer'],
    [
      'a long annotation',
      '{ metadata.annotations.a: { $exists: true } }',
      entity({ annotations: { a: 'x'.repeat(1025) } }),
      'could-not-check',
    ],
    [
      'another annotation',
      '{ metadata.annotations.b: { $exists: true } }',
      entity({ annotations: { a: 'x'.repeat(1025) } }),
      'expected-signer',
    ],
    [
      'a field of an API',
      '{ spec.custom: x }',
      entity({}, {}, { kind: 'API' }),
      'could-not-check',
    ],
    [
      'the system of an API without one',
      '{ spec.system: payments }',
      entity({}, {}, { kind: 'API' }),
      'expected-signer',
    ],
    [
      'the same, too large',
      '{ spec.system: payments }',
      entity({ description: PAD }),
      'expected-signer',
    ],
    [
      'a long owner',
      `{ spec.owner: team }`,
      entity({}, { owner: PAD }),
      'could-not-check',
    ],
    [
      'the owner, too large',
      `{ spec.owner: team }`,
      entity({ description: PAD }),
      'unexpected-signer',
    ],
    [
      'where it is from, too large',
      `{ metadata.annotations.backstage.io/managed-by-location: { $hasPrefix: 'url:https://github.com/acme/' } }`,
      entity({ description: PAD }),
      'unexpected-signer',
    ],
    [
      'relations, too large',
      `{ relations: { $contains: { type: ownedBy } } }`,
      entity({ description: PAD }),
      'unexpected-signer',
    ],
    [
      'a definition',
      '{ spec.definition: { $exists: true } }',
      entity({}, { definition: 'x' }),
      'could-not-check',
    ],
    [
      'what changes by itself',
      '{ metadata.uid: u }',
      entity(),
      'could-not-check',
    ],
  ])('a policy that selects by %s', (_, predicate, given, status) => {
    expect(statusUnder(predicate, given)).toBe(status);
  });
});
