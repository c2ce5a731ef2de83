import { OutboundClient } from '@cloudythings/sigstore-engine';
import { readArtifact } from './artifact';
import { evidenceSources } from './evidenceSources';

const IMAGE = 'ghcr.io/acme/app:1.0';

/** Names of the first questions; no host is allowed here. */
async function asked(artifact: string, repositories: string[]) {
  const outbound = OutboundClient.create({
    hosts: [],
    includeWellKnownHosts: false,
  });
  const named = readArtifact(artifact, '/');
  if (named.type === 'digest') throw new Error('no reference');
  const [referrers] = evidenceSources(named, repositories);
  const digest = `sha256:${'a'.repeat(64)}`;
  const { lookups } = await referrers.collect(
    {
      reference: named.parsed,
      artifact: { digest, mediaType: '', size: 0, children: [] },
      known: new Set(),
    },
    { outbound, fileRoots: [], now: () => new Date('2026-11-22T15:00:00Z') },
  );
  await outbound.close();
  return lookups.map(({ source }) => source);
}

describe('--signature-repository', () => {
  it('is asked besides the repository of the image', async () => {
    expect(await asked(IMAGE, ['quay.io/acme/signatures'])).toEqual([
      'ghcr.io referrers',
      'quay.io/acme/signatures referrers',
    ]);
    expect(await asked(IMAGE, [])).toEqual(['ghcr.io referrers']);
  });

  it.each(['signatures', 'ghcr.io/acme/x:1', 'https://ghcr.io/x', ''])(
    'is not "%s"',
    text => {
      const named = readArtifact(IMAGE, '/');
      expect(() => evidenceSources(named, [text])).toThrow(
        'Write it as ghcr.io/acme/signatures, without tag.',
      );
    },
  );

  it('is for images', () => {
    const named = readArtifact(`sha256:${'a'.repeat(64)}`, '/');
    expect(() => evidenceSources(named, ['ghcr.io/acme/x'])).toThrow(
      '--signature-repository is for artifacts in a registry',
    );
  });
});
