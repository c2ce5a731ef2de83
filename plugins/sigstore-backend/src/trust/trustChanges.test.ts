import {
  Distrust,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { ComparableTrust } from '../store/trustGenerations';
import { compareTrust, describeChanges } from './trustChanges';

const policy = (spec: Partial<TrustPolicy['spec']> = {}): TrustPolicy => ({
  apiVersion: 'cloudythings.io/v1alpha1',
  kind: 'TrustPolicy',
  metadata: { name: 'images' },
  spec: {
    artifacts: [{ kind: 'image' }],
    authorities: [
      { name: 'release', key: { trustedRoot: 'acme', data: 'one' } },
    ],
    evidence: ['oci-registry'],
    mode: 'enforce',
    maxAge: '30d',
    ...spec,
  },
});

const distrust = (spec: Partial<Distrust['spec']> = {}): Distrust => ({
  apiVersion: 'cloudythings.io/v1alpha1',
  kind: 'Distrust',
  metadata: { name: 'stolen' },
  spec: {
    distrusted: [{ commit: 'a'.repeat(40) }, { trustedRoot: 'acme' }],
    reason: 'stolen',
    ...spec,
  },
});

const trust = (more: Partial<ComparableTrust> = {}): ComparableTrust => ({
  documents: [policy(), distrust()],
  trustedRoots: [
    {
      name: 'acme',
      digest: 'sha256:1',
      thresholds: { transparencyLog: 1, timestamps: 1 },
    },
  ],
  engineRevision: 'engine-1',
  ...more,
});

const withPolicy = (spec: Partial<TrustPolicy['spec']>) =>
  trust({ documents: [policy(spec), distrust()] });
const withRoot = (thresholds: Record<string, number>, digest = 'sha256:1') =>
  trust({ trustedRoots: [{ name: 'acme', digest, thresholds }] });

describe('compareTrust', () => {
  it('finds no difference where there is none', () => {
    const changes = compareTrust(trust(), trust());
    expect(changes.weaker).toEqual([]);
    expect(describeChanges(changes)).toBe('');
  });

  it.each<[string, ComparableTrust]>([
    ['policy images was removed', trust({ documents: [distrust()] })],
    ['policy images warns where it enforced', withPolicy({ mode: 'warn' })],
    [
      'policy images makes an exception until 2027-01-31',
      withPolicy({
        exception: { until: '2027-01-31', owner: 'ann', reason: 'haste' },
      }),
    ],
    [
      'policy images covers other artifacts than before',
      withPolicy({ artifacts: [{ kind: 'image', reference: 'ghcr.io/a/*' }] }),
    ],
    [
      'policy images accepts an authority that it did not before',
      withPolicy({
        authorities: [
          ...policy().spec.authorities,
          { name: 'other', key: { trustedRoot: 'acme', data: 'two' } },
        ],
      }),
    ],
    [
      'policy images accepts an authority that it did not before',
      withPolicy({
        authorities: [
          { name: 'release', key: { trustedRoot: 'acme', data: 'two' } },
        ],
      }),
    ],
    [
      'policy images accepts evidence from places that it did not before',
      withPolicy({ evidence: undefined }),
    ],
    [
      'policy images accepts older results than before',
      withPolicy({ maxAge: '60d' }),
    ],
    [
      'policy images lets entities choose their repository',
      withPolicy({ repositoryFrom: 'source-location' }),
    ],
    ['distrust stolen was removed', trust({ documents: [policy()] })],
    [
      'distrust stolen no longer covers all that it did',
      trust({
        documents: [
          policy(),
          distrust({ distrusted: [{ trustedRoot: 'acme' }] }),
        ],
      }),
    ],
    [
      'distrust stolen no longer covers all that it did',
      trust({
        documents: [
          policy(),
          distrust({ signedAfter: '2026-01-01T00:00:00Z' }),
        ],
      }),
    ],
    [
      'trusted root acme asks for transparencyLog 0 instead of 1',
      withRoot({ transparencyLog: 0, timestamps: 1 }),
    ],
    [
      'trusted root more was added',
      trust({
        trustedRoots: [
          ...trust().trustedRoots,
          { name: 'more', digest: 'sha256:2', thresholds: {} },
        ],
      }),
    ],
  ])('says that %s', (words, after) => {
    const changes = compareTrust(trust(), after);
    expect(changes.weaker).toEqual([words]);
    expect(describeChanges(changes)).not.toBe('');
  });

  it('says nothing of what is stricter than before', () => {
    const looser: ComparableTrust = {
      documents: [
        distrust({
          distrusted: [{ trustedRoot: 'acme' }],
          signedAfter: '2026-01-01T00:00:00Z',
          signedBefore: '2026-02-01T00:00:00Z',
        }),
        policy({
          mode: 'warn',
          artifacts: [],
          maxAge: '60d',
          evidence: undefined,
          exception: { until: '2027-01-31', owner: 'ann', reason: 'haste' },
        }),
      ],
      trustedRoots: [
        { name: 'acme', digest: 'sha256:1', thresholds: { timestamps: 0 } },
        { name: 'more', digest: 'sha256:2', thresholds: {} },
      ],
      engineRevision: 'engine-0',
    };
    expect(compareTrust(looser, trust())).toEqual({
      policies: { added: [], removed: [], changed: ['images'] },
      distrusts: { added: [], removed: [], changed: ['stolen'] },
      trustedRoots: { added: [], removed: ['more'], changed: ['acme'] },
      engineRevision: { from: 'engine-0', to: 'engine-1' },
      weaker: [],
    });
  });

  it('tells in one line what differs', () => {
    const after = trust({
      documents: [policy({ maxAge: '10d' })],
      trustedRoots: withRoot({ transparencyLog: 1 }, 'sha256:2').trustedRoots,
      engineRevision: 'engine-2',
    });
    expect(describeChanges(compareTrust(trust(), after))).toBe(
      'policies changed: images; distrusts removed: stolen; trusted roots changed: acme; engine engine-1 → engine-2',
    );
  });
});
