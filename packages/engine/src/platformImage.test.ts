import {
  TrustPolicy,
  parseReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { TestRepository } from './__testUtils__/TestRepository';
import { TestServer } from './__testUtils__/TestServer';
import { builtInSources, collectEvidence } from './collect';
import { judge } from './judge';
import { OutboundClient } from './outbound';
import { resolveReference } from './resolve';
import { VerificationProfile, loadTrustedRoot, verifyEvidence } from './verify';
import { MockInstance } from './verify/__testUtils__/MockInstance';

jest.setTimeout(60_000);

const HOST = 'registry.acme.example';
const AMD = { os: 'linux', architecture: 'amd64' };
const now = () => new Date('2027-01-01T00:00:00Z');

const POLICY: TrustPolicy = {
  apiVersion: 'cloudythings.io/v1alpha1',
  kind: 'TrustPolicy',
  metadata: { name: 'images' },
  spec: {
    mode: 'enforce',
    artifacts: [{ kind: 'image', reference: `${HOST}/acme/**` }],
    authorities: [
      {
        name: 'release',
        keyless: {
          trustedRoot: 'mock',
          identities: [
            { issuer: 'https://issuer.mock', subject: 'https://mock/identity' },
          ],
        },
      },
    ],
  },
};

/** Design rule 8.2, from the registry to the verdict. */
describe('a platform image', () => {
  let server: TestServer;
  let repository: TestRepository;
  let outbound: OutboundClient;
  let instance: MockInstance;
  let profile: VerificationProfile;

  beforeAll(async () => {
    instance = await MockInstance.create();
    profile = loadTrustedRoot({ name: 'mock', json: instance.trustedRoot() });
  });
  beforeEach(async () => {
    server = await TestServer.start();
    repository = new TestRepository(server, 'acme/app');
    outbound = OutboundClient.create({
      hosts: [{ host: HOST, endpoint: server.url, allowPrivateAddress: true }],
      includeWellKnownHosts: false,
    });
  });
  afterEach(async () => {
    await outbound.close();
    await server.close();
  });

  /** Attaches a signature by the expected signer. */
  async function sign(digest: string): Promise<void> {
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://sigstore.dev/cosign/sign/v1',
      subject: [{ name: '', digest: { sha256: digest.slice(7) } }],
      predicate: {},
    };
    const payload = Buffer.from(JSON.stringify(statement));
    const bundle = await instance.signEnvelope(payload);
    repository.referrers(digest, [repository.bundle(JSON.stringify(bundle))]);
  }

  async function verdictOf(reference: string) {
    const parsed = parseReference(reference);
    if (!parsed.ok) throw new Error(parsed.problem);
    const ports = { outbound, fileRoots: [], now };
    const { artifact } = await resolveReference(parsed.parsed, ports);
    if (!artifact) throw new Error('not resolved');
    const { evidence, findings, lookups } = await collectEvidence(
      builtInSources,
      { reference: parsed.parsed, artifact, known: new Set() },
      ports,
    );
    return judge({
      kind: 'image',
      reference: parsed.canonical,
      digest: artifact.digest,
      relatives: Object.fromEntries([
        ...artifact.children.map(({ digest }) => [digest, 'platform']),
        ...(artifact.parents ?? []).map(digest => [digest, 'index']),
      ]),
      verifications: evidence.map(piece =>
        verifyEvidence(piece, piece.artifactDigest, profile),
      ),
      lookups,
      findings,
      policies: [POLICY],
      entity: { ref: 'component:default/app' },
      now: now().toISOString(),
    });
  }

  /** An index under the tag 1.4 that lists some images. */
  const tagged = (...images: { digest: string }[]) =>
    repository.index(
      images.map(image => ({ ...image, platform: AMD })),
      '1.4',
    );
  const image = (name: string) =>
    repository.manifest({ layers: [repository.blob(name, 'text/plain')] });

  it('counts as signed where the index that its tag leads to is signed and lists it', async () => {
    const platform = image('amd64');
    const index = tagged(platform, image('arm64'));
    await sign(index.digest);
    const verdict = await verdictOf(`${HOST}/acme/app:1.4@${platform.digest}`);
    expect(verdict).toMatchObject({
      status: 'expected-signer',
      throughIndex: index.digest,
    });
  });

  it('does not where that index does not list it', async () => {
    const index = tagged(image('amd64'));
    await sign(index.digest);
    const stranger = image('of somebody else');
    const verdict = await verdictOf(`${HOST}/acme/app:1.4@${stranger.digest}`);
    expect(verdict.status).toBe('no-signature');
  });

  it('does not where the registry gives other bytes for the index', async () => {
    const platform = image('amd64');
    const index = tagged(image('another'));
    await sign(index.digest);
    const forged = JSON.stringify({
      schemaVersion: 2,
      mediaType: index.mediaType,
      manifests: [{ ...platform, platform: AMD }],
    });
    server.on(`${repository.path}/manifests/1.4`, {
      headers: {
        'content-type': index.mediaType,
        'docker-content-digest': index.digest,
      },
      body: forged,
    });
    const verdict = await verdictOf(`${HOST}/acme/app:1.4@${platform.digest}`);
    expect(verdict.status).not.toBe('expected-signer');
  });

  it('does not sign the index that lists it, which is said', async () => {
    const platform = image('amd64');
    tagged(platform, image('arm64'));
    await sign(platform.digest);
    const verdict = await verdictOf(`${HOST}/acme/app:1.4`);
    expect(verdict.status).toBe('no-signature');
    expect(verdict.notices).toEqual([
      { code: 'signed-platforms-only', detail: platform.digest },
    ]);
  });
});
