import { BUNDLE } from '../__testUtils__/TestRepository';
import { evidenceLayers } from './attachedLayers';
import { Gathering } from './Gathering';

const gathering = () =>
  new Gathering(
    'registry.acme.example referrers',
    {
      reference: { type: 'file', path: '/plan' },
      artifact: { digest: '', mediaType: '', size: 1, children: [] },
      known: new Set(),
    },
    new Date(),
  );

describe('a layer', () => {
  it.each([
    [BUNDLE, BUNDLE],
    [undefined, 'application/vnd.dev.cosign.simplesigning.v1+json'],
  ])('of %s is kept with what is read of it', (artifactType, mediaType) => {
    const read = {
      'dev.cosignproject.cosign/signature': 'c2ln',
      'dev.sigstore.cosign/certificate': 'pem',
      'dev.sigstore.cosign/bundle': '{}',
      'dev.sigstore.cosign/rfc3161timestamp': '{}',
      predicateType: 'https://slsa.dev/provenance/v1',
    };
    const layer = { mediaType, digest: 'sha256:a', size: 1 };
    const annotations = { ...read, 'org.acme.note': 'x'.repeat(1000) };
    const layers = [
      { ...layer, annotations, platform: { os: 'x', architecture: 'y' } },
    ];
    const manifest = { artifactType, layers, unread: 0 };
    expect(evidenceLayers(manifest, gathering())).toEqual([
      { ...layer, annotations: read },
    ]);
  });
});
