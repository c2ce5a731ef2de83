import { ConfigReader } from '@backstage/config';
import { OutboundClient } from '@cloudythings/sigstore-engine';
import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { registrySources } from './oci';

const allowed = { allows: (url: string) => !url.includes('evil') };
const sourcesOf = (images: string, repository: string) =>
  registrySources(
    new ConfigReader({
      sigstore: {
        sources: { oci: { signatureRepositories: [{ images, repository }] } },
      },
    }),
    allowed,
  );

/** Which repositories are asked about an image; no host is allowed here. */
async function asked(images: string, repository: string, image: string) {
  const outbound = OutboundClient.create({
    hosts: [],
    includeWellKnownHosts: false,
  });
  const parsed = parseReference(image);
  if (!parsed.ok) throw new Error(parsed.problem);
  const [referrers] = sourcesOf(images, repository);
  const digest = `sha256:${'a'.repeat(64)}`;
  const { lookups } = await referrers.collect(
    {
      reference: parsed.parsed,
      artifact: { digest, mediaType: '', size: 0, children: [] },
      known: new Set(),
    },
    { outbound, fileRoots: [], now: () => new Date('2026-11-22T15:00:00Z') },
  );
  await outbound.close();
  return lookups.map(({ source }) => source);
}

describe('repositories of signatures', () => {
  it.each([
    ['ghcr.io', 'ghcr.io/acme/signatures', 'ghcr.io/acme/app:1'],
    ['ghcr.io/acme', 'ghcr.io/acme/signatures', 'ghcr.io/acme/app:1'],
    ['docker.io', 'ghcr.io/acme/signatures', 'docker.io/nginx'],
    ['index.docker.io/acme', 'ghcr.io/acme/signatures', 'docker.io/acme/app'],
    ['localhost:5000', 'localhost:5000/signatures', 'localhost:5000/app:1'],
  ])('for %s in %s are asked about %s', async (images, repository, image) => {
    expect(await asked(images, repository, image)).toContain(
      `${repository} referrers`,
    );
  });

  it.each([
    ['ghcr.io/acme:1', 'is not a host or the first part of a path'],
    ['ghcr.io/acme/**', 'is not a host or the first part of a path'],
    ['https://ghcr.io', 'is not a host or the first part of a path'],
  ])('are not for "%s"', (images, message) => {
    expect(() => sourcesOf(images, 'ghcr.io/acme/signatures')).toThrow(message);
  });

  it('are not on a host that is not allowed', () => {
    expect(() => sourcesOf('ghcr.io', 'evil.example/signatures')).toThrow(
      'sigstore.sources.oci.signatureRepositories[0].repository: evil.example is not an allowed host; add it to sigstore.hosts',
    );
  });

  it.each(['ghcr.io', 'ghcr.io/acme/x:1', 'https://ghcr.io/x', 's3://b/k'])(
    'are not at "%s"',
    repository => {
      expect(() => sourcesOf('ghcr.io', repository)).toThrow(
        'sigstore.sources.oci.signatureRepositories[0].repository: ',
      );
    },
  );
});
