import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  BUNDLE,
  TestDescriptor,
  TestRepository,
} from '../__testUtils__/TestRepository';
import { TestServer } from '../__testUtils__/TestServer';
import { OutboundClient } from '../outbound';
import { loadTrustedRoot, verifyEvidence } from '../verify';
import {
  digestOf,
  KeyPair,
  MockInstance,
  newKeys,
  pemOf,
  SigningOptions,
  simplePayload,
} from '../verify/__testUtils__/MockInstance';
import { collectEvidence } from './collectEvidence';
import { ociSources } from './ociSources';

const HOST = 'registry.acme.example';
const SIGNED_BY = 'https://mock/identity';
const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json';
const ENVELOPE = 'application/vnd.dsse.envelope.v1+json';
const COSIGN_SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';
const SLSA = 'https://slsa.dev/provenance/v1';

type Bundle = Awaited<ReturnType<MockInstance['signMessage']>>;
/** Stores what was signed as a tool does it, beside an image. */
type Put = (image: TestDescriptor) => Promise<void>;

/** Each layout that tools write, with signatures that hold or do not. */
describe('what lies in a registry is found and verified', () => {
  let instance: MockInstance;
  let keys: KeyPair;
  let server: TestServer;
  let repository: TestRepository;
  let outbound: OutboundClient;

  beforeAll(async () => {
    instance = await MockInstance.create();
    keys = newKeys('prime256v1');
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

  const image = (name: string) =>
    repository.manifest({ layers: [repository.blob(name, 'text/plain')] });
  const tagOf = ({ digest }: TestDescriptor, suffix: string) =>
    `${digest.replace(':', '-')}.${suffix}`;
  const statement = ({ digest }: TestDescriptor, predicateType: string) =>
    Buffer.from(
      JSON.stringify({
        _type: 'https://in-toto.io/Statement/v1',
        predicateType,
        subject: [{ name: '', digest: { sha256: digest.slice(7) } }],
        predicate: {},
      }),
    );
  const attest = (
    about: TestDescriptor,
    predicateType: string,
    options: SigningOptions = {},
  ) => instance.signEnvelope(statement(about, predicateType), options);

  /** What cosign 1 and 2 write on a layer beside what was signed. */
  function annotationsOf(bundle: Bundle): Record<string, string> {
    const { certificate, tlogEntries = [] } = bundle.verificationMaterial;
    const [entry] = tlogEntries;
    const hex = (base64: string) =>
      Buffer.from(base64, 'base64').toString('hex');
    return {
      'dev.cosignproject.cosign/signature':
        bundle.messageSignature?.signature ?? '',
      ...(certificate
        ? {
            'dev.sigstore.cosign/certificate': `-----BEGIN CERTIFICATE-----\n${certificate.rawBytes}\n-----END CERTIFICATE-----\n`,
          }
        : {}),
      ...(entry
        ? {
            'dev.sigstore.cosign/bundle': JSON.stringify({
              SignedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp,
              Payload: {
                body: entry.canonicalizedBody,
                integratedTime: Number(entry.integratedTime),
                logIndex: Number(entry.logIndex),
                logID: hex(entry.logId.keyId),
              },
            }),
          }
        : {}),
    };
  }

  const signatureLayer = async (
    about: TestDescriptor,
    options: SigningOptions = {},
  ) => {
    const payload = simplePayload(about.digest);
    const bundle = await instance.signMessage(payload, options);
    const layer = repository.blob(payload, SIMPLE_SIGNING);
    return { ...layer, annotations: annotationsOf(bundle) };
  };
  const attestationLayer = async (
    about: TestDescriptor,
    predicateType: string,
    options: SigningOptions = {},
  ) => {
    const bundle = await attest(about, predicateType, options);
    const { payload, payloadType, signatures } = bundle.dsseEnvelope;
    const envelope = { payload, payloadType, signatures };
    const layer = repository.blob(JSON.stringify(envelope), ENVELOPE);
    const annotations = { ...annotationsOf(bundle), predicateType };
    return { ...layer, annotations };
  };
  const refer = (about: TestDescriptor, manifest: TestDescriptor) =>
    repository.referrers(about.digest, [manifest]);
  const bundled = (bundle: Bundle, type = BUNDLE) =>
    repository.bundle(JSON.stringify(bundle), type);

  /** Facts of what is found beside an image, about it. */
  async function verified(about: TestDescriptor) {
    const parsed = parseReference(`${HOST}/acme/app:1.0`);
    if (!parsed.ok) throw new Error(parsed.problem);
    const { evidence } = await collectEvidence(
      ociSources(),
      {
        reference: parsed.parsed,
        artifact: { ...about, children: [] },
        known: new Set(),
      },
      { outbound, fileRoots: [], now: () => instance.clock },
    );
    const profile = loadTrustedRoot({
      name: 'mock',
      json: instance.trustedRoot(),
      keys: [pemOf(keys.publicKey)],
    });
    return evidence.map(piece => verifyEvidence(piece, about.digest, profile));
  }

  const keyed = () => ({ keys, keyed: true });

  it.each<[string, string | undefined, Put]>([
    [
      'cosign 3, sign',
      COSIGN_SIGNATURE,
      async about =>
        refer(about, bundled(await attest(about, COSIGN_SIGNATURE))),
    ],
    [
      'cosign 3, attest',
      'https://example.com/any/predicate',
      async about =>
        refer(
          about,
          bundled(await attest(about, 'https://example.com/any/predicate')),
        ),
    ],
    [
      'cosign 3, sign --key',
      COSIGN_SIGNATURE,
      async about =>
        refer(about, bundled(await attest(about, COSIGN_SIGNATURE, keyed()))),
    ],
    [
      'cosign 3, where the registry has no list of referrers',
      COSIGN_SIGNATURE,
      async about => {
        const bundle = await attest(about, COSIGN_SIGNATURE);
        repository.index([bundled(bundle)], about.digest.replace(':', '-'));
      },
    ],
    [
      'actions/attest, push-to-registry',
      SLSA,
      async about => refer(about, bundled(await attest(about, SLSA))),
    ],
    [
      'cosign 2, sign',
      undefined,
      async about => {
        const layers = [await signatureLayer(about)];
        repository.manifest({ layers }, tagOf(about, 'sig'));
      },
    ],
    [
      'cosign 2, sign --key',
      undefined,
      async about => {
        const layers = [await signatureLayer(about, keyed())];
        repository.manifest({ layers }, tagOf(about, 'sig'));
      },
    ],
    [
      'cosign 2, attest',
      SLSA,
      async about => {
        const layers = [await attestationLayer(about, SLSA)];
        repository.manifest({ layers }, tagOf(about, 'att'));
      },
    ],
    [
      'cosign 2, sign --registry-referrers-mode oci-1-1',
      undefined,
      async about => {
        const artifactType = 'application/vnd.dev.cosign.artifact.sig.v1+json';
        const layers = [await signatureLayer(about)];
        refer(about, repository.manifest({ artifactType, layers }));
      },
    ],
    [
      'cosign 3, attest without bundles',
      SLSA,
      async about => {
        const artifactType = 'application/vnd.in-toto+json';
        const layers = [await attestationLayer(about, SLSA)];
        refer(about, repository.manifest({ artifactType, layers }));
      },
    ],
    [
      'Tekton Chains, dsse, signature',
      undefined,
      async about => {
        const layers = [await signatureLayer(about, keyed())];
        repository.manifest({ layers }, tagOf(about, 'sig'));
      },
    ],
    [
      'Tekton Chains, dsse, attestation',
      'https://slsa.dev/provenance/v0.2',
      async about => {
        const type = 'https://slsa.dev/provenance/v0.2';
        const layers = [await attestationLayer(about, type, keyed())];
        repository.manifest({ layers }, tagOf(about, 'att'));
      },
    ],
    [
      'Tekton Chains, sigstore-bundle, attestation',
      'https://slsa.dev/provenance/v0.2',
      async about => {
        const type = 'https://slsa.dev/provenance/v0.2';
        refer(about, bundled(await attest(about, type, keyed())));
      },
    ],
    [
      'cosign’s payload in an envelope',
      undefined,
      async about => {
        const payload = simplePayload(about.digest);
        const options = { ...keyed(), payloadType: SIMPLE_SIGNING };
        const bundle = await instance.signEnvelope(payload, options);
        refer(about, bundled(bundle));
      },
    ],
  ])('of %s', async (tool, predicateType, put) => {
    const signed = image('signed');
    await put(signed);
    const results = await verified(signed);
    expect(results.flatMap(({ findings }) => findings)).toEqual([]);
    expect(results.map(({ facts }) => facts?.content.predicateType)).toEqual([
      predicateType,
    ]);
    const byKey = /--key|Chains|envelope/.test(tool);
    const key = keys.publicKey.export({ format: 'der', type: 'spki' });
    expect(results[0].facts?.signer.identity).toBe(
      byKey ? digestOf(key) : SIGNED_BY,
    );
  });

  it('and what is about another image is not about this one', async () => {
    const [signed, other] = [image('signed'), image('other')];
    const layers = [await signatureLayer(other)];
    repository.manifest({ layers }, tagOf(signed, 'sig'));
    refer(signed, bundled(await attest(other, COSIGN_SIGNATURE)));
    const results = await verified(signed);
    expect(results).toHaveLength(2);
    expect(results.map(({ findings }) => findings[0]?.code)).toEqual([
      'statement-for-other-artifact',
      'statement-for-other-artifact',
    ]);
  });
});
