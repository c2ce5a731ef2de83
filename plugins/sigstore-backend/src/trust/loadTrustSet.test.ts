import { createMockDirectory } from '@backstage/backend-test-utils';
import { OutboundClient } from '@cloudythings/sigstore-engine';
import { generateKeyPairSync } from 'node:crypto';
import { assertMirrorsAllowed } from './assertMirrorsAllowed';
import { loadTrustSet } from './loadTrustSet';

const key = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .publicKey.export({ format: 'pem', type: 'spki' })
    .toString()
    .replace(/\n/g, '\n            ');

const policy = (trustedRoot: string, data: string) => `
apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata: { name: keys }
spec:
  artifacts:
    - kind: image
  authorities:
    - name: release
      key:
        trustedRoot: ${trustedRoot}
        data: |
            ${data}
`;

const distrust = `
apiVersion: cloudythings.io/v1alpha1
kind: Distrust
metadata: { name: stolen }
spec:
  reason: stolen
  distrusted:
    - trustedRoot: second
      key:
        data: |
            ${key()}
`;

describe('loadTrustSet', () => {
  const files = createMockDirectory();
  const load = () =>
    loadTrustSet(
      {
        trustedRoots: ['first', 'second', 'third'].map(name => ({
          name,
          demo: false,
        })),
        policyFiles: [files.path],
      },
      async () => ({}),
      new Date('2026-11-20T12:00:00Z'),
    );
  const digests = async () =>
    Object.fromEntries(
      (await load()).profiles.map(({ name, digest }) => [name, digest]),
    );

  it('verifies with the keys of policies under the root they name, and no other', async () => {
    files.setContent({ 'a.yaml': '' });
    const before = await digests();
    files.setContent({ 'a.yaml': policy('first', key()), 'b.yaml': distrust });
    const after = await digests();
    expect(after.first).not.toBe(before.first);
    expect(after.second).not.toBe(before.second);
    expect(after.third).toBe(before.third);
    const { policies, distrusts, record } = await load();
    expect(policies.map(({ metadata }) => metadata.name)).toEqual(['keys']);
    expect(distrusts.map(({ metadata }) => metadata.name)).toEqual(['stolen']);
    expect(record.documents).toEqual([...policies, ...distrusts]);
    expect(record.policies.map(({ text }) => text)).toContain(distrust);
  });

  it('is another set when only what is distrusted differs', async () => {
    files.setContent({ 'a.yaml': '' });
    const { record } = await load();
    files.setContent({
      'b.yaml': distrust
        .replace(/key:[^]*/, 'commit: {}\n')
        .replace('commit: {}', `commit: ${'a'.repeat(40)}`),
    });
    const { record: other } = await load();
    expect(other.trustedRoots).toEqual(record.trustedRoots);
    expect(other.digest).not.toBe(record.digest);
  });
});

describe('assertMirrorsAllowed', () => {
  it('names the key of a mirror that is not allowed', async () => {
    const roots = ['tuf-repo-cdn.sigstore.dev', 'tuf.acme.example'].map(
      host => ({
        name: host,
        demo: false,
        tuf: { mirror: `https://${host}`, target: 'trusted_root.json' },
      }),
    );
    const outbound = OutboundClient.create({ hosts: [] });
    expect(() =>
      assertMirrorsAllowed(roots.slice(0, 1), outbound),
    ).not.toThrow();
    expect(() => assertMirrorsAllowed(roots, outbound)).toThrow(
      'sigstore.trustedRoots[1].tuf.mirror: tuf.acme.example is not an allowed host; add it to sigstore.hosts',
    );
    await outbound.close();
  });
});
