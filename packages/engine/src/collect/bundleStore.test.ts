import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../__testUtils__/TestRepository';
import { OutboundClient } from '../outbound';
import { loadTrustedRoot, verifyEvidence } from '../verify';
import { MockInstance } from '../verify/__testUtils__/MockInstance';
import { bundleStore } from './bundleStore';
import { CAPS } from './caps';

type Bundle = Awaited<ReturnType<MockInstance['signMessage']>>;

const PLAN = Buffer.from('the plan');
const SLSA = 'https://slsa.dev/provenance/v1';
const statement = (predicateType: string, artifact = PLAN) =>
  Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        { name: 'plan', digest: { sha256: sha256(artifact).slice(7) } },
      ],
      predicateType,
      predicate: {},
    }),
  );
const UNKNOWN_FORM = 'signature file of a form that is not known';
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The files that cosign 1 and 2 write, of a bundle. */
function cosignFiles(bundle: Bundle) {
  const { verificationMaterial: material, messageSignature } = bundle;
  const [entry] = material.tlogEntries;
  const body = material.certificate.rawBytes.match(/.{1,64}/g).join('\n');
  const pem = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  const signature: string = messageSignature
    ? messageSignature.signature
    : base64(JSON.stringify(bundle.dsseEnvelope));
  return {
    signature,
    pem,
    old: JSON.stringify({
      base64Signature: signature,
      cert: base64(pem),
      rekorBundle: {
        SignedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp,
        Payload: {
          body: entry.canonicalizedBody,
          integratedTime: Number(entry.integratedTime),
          logIndex: Number(entry.logIndex),
          logID: Buffer.from(entry.logId.keyId, 'base64').toString('hex'),
        },
      },
    }),
  };
}

describe('what lies beside a file', () => {
  const outbound = OutboundClient.create({ hosts: [] });
  let instance: MockInstance;
  let folder: string;

  beforeAll(async () => {
    instance = await MockInstance.create();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'beside-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  afterAll(() => outbound.close());

  async function collect(
    files: Record<string, string | Buffer>,
    options: {
      artifact?: Buffer;
      known?: string[];
      wantedTypes?: string[];
    } = {},
  ) {
    const { artifact = PLAN, known = [], wantedTypes = [] } = options;
    for (const [suffix, content] of Object.entries(files)) {
      writeFileSync(join(folder, `plan.json${suffix}`), content);
    }
    const { lookups, evidence, findings } = await bundleStore.collect(
      {
        reference: { type: 'file', path: join(folder, 'plan.json') },
        artifact: {
          digest: sha256(artifact),
          mediaType: 'application/octet-stream',
          size: artifact.length,
          children: [],
        },
        known: new Set(known),
        wantedTypes: new Set(wantedTypes),
      },
      { outbound, fileRoots: [folder], now: () => new Date() },
    );
    return { lookup: lookups[0], evidence, findings };
  }

  /** What verifying the only piece of evidence comes to. */
  async function verify(
    files: Record<string, string | Buffer>,
    artifact = PLAN,
  ) {
    const { evidence } = await collect(files, { artifact });
    expect(evidence).toHaveLength(1);
    const profile = loadTrustedRoot({
      name: 'mock',
      json: instance.trustedRoot(),
      thresholds: {
        transparencyLog: 1,
        certificateTransparency: 1,
        timestamps: 1,
      },
    });
    const { facts, findings } = verifyEvidence(
      evidence[0],
      sha256(artifact),
      profile,
    );
    return facts?.signer.identity ?? findings.map(({ code }) => code);
  }

  it.each<[string, (bundle: Bundle) => Record<string, string>]>([
    ['a bundle', bundle => ({ '.sigstore.json': JSON.stringify(bundle) })],
    ['its older name', bundle => ({ '.sigstore': JSON.stringify(bundle) })],
    [
      '.bundle with a bundle',
      bundle => ({ '.bundle': JSON.stringify(bundle) }),
    ],
    ['.bundle of cosign 2', bundle => ({ '.bundle': cosignFiles(bundle).old })],
    [
      '.sigstore.json of cosign 2',
      bundle => ({ '.sigstore.json': cosignFiles(bundle).old }),
    ],
    [
      '.bundle, .sig and .pem of cosign 2',
      bundle => {
        const { old, signature, pem } = cosignFiles(bundle);
        return {
          '.bundle': old,
          '.sig': `${signature}\n`,
          '.pem': base64(pem),
        };
      },
    ],
  ])('is evidence that holds, and for nothing else: %s', async (_, files) => {
    const bundle = await instance.signMessage(PLAN);
    expect(await verify(files(bundle))).toBe('https://mock/identity');
    expect(await verify(files(bundle), Buffer.from('another'))).toEqual([
      'artifact-mismatch',
    ]);
  });

  it.each<[string, (bundle: Bundle) => Record<string, string>]>([
    ['.bundle', bundle => ({ '.bundle': cosignFiles(bundle).old })],
    ['.intoto.jsonl', bundle => ({ '.intoto.jsonl': JSON.stringify(bundle) })],
    [
      '.intoto.jsonl over several lines',
      bundle => ({ '.intoto.jsonl': JSON.stringify(bundle, null, 2) }),
    ],
  ])(
    'is an attestation that holds, and for nothing else: %s',
    async (_, files) => {
      const bundle = await instance.signEnvelope(statement(SLSA));
      expect(await verify(files(bundle))).toBe('https://mock/identity');
      expect(await verify(files(bundle), Buffer.from('another'))).toEqual([
        'statement-for-other-artifact',
      ]);
    },
  );

  it('is incomplete, not absent, without its log entry', async () => {
    const { signature, pem } = cosignFiles(await instance.signMessage(PLAN));
    for (const certificate of [pem, base64(pem)]) {
      for (const suffix of ['.pem', '.cert', '.crt']) {
        const files = { '.sig': signature, [suffix]: certificate };
        expect(await verify(files)).toContain('log-entry-missing');
        rmSync(join(folder, `plan.json${suffix}`));
      }
    }
  });

  const KEY_PEM = base64(
    '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n',
  );
  const ENVELOPE = {
    payloadType: 'application/vnd.in-toto+json',
    payload: statement(SLSA).toString('base64'),
    signatures: [{ sig: base64('signature') }],
  };
  // As ECDSA signatures are written: two integers.
  const SIGNATURE = Buffer.from([0x30, 6, 2, 1, 1, 2, 1, 1]).toString('base64');
  // As cosign 3.1.2 writes them with a key and without a log.
  it.each<[string, Record<string, string>, object]>([
    ['.sig', { '.sig': SIGNATURE }, { signature: SIGNATURE }],
    [
      '.bundle',
      {
        '.bundle': JSON.stringify({
          base64Signature: SIGNATURE,
          cert: KEY_PEM,
        }),
        '.sig': SIGNATURE,
      },
      { signature: SIGNATURE },
    ],
    [
      '.bundle of an attestation',
      {
        '.bundle': JSON.stringify({
          base64Signature: base64(JSON.stringify(ENVELOPE)),
          cert: KEY_PEM,
        }),
      },
      ENVELOPE,
    ],
    ['.sig of an attestation', { '.sig': JSON.stringify(ENVELOPE) }, ENVELOPE],
  ])('is the signature of a key: %s', async (_, files, content) => {
    const { evidence } = await collect(files);
    expect(evidence).toHaveLength(1);
    const bundle = JSON.parse(evidence[0].bytes.toString());
    expect(bundle.verificationMaterial.publicKey).toEqual({ hint: '' });
    expect(bundle.messageSignature ?? bundle.dsseEnvelope).toMatchObject(
      content,
    );
  });

  it('reads an envelope with its certificate, as the SLSA generators write it', async () => {
    const bundle = await instance.signEnvelope(statement(SLSA));
    const { pem } = cosignFiles(bundle);
    const [{ sig }] = bundle.dsseEnvelope.signatures;
    const envelope = {
      ...bundle.dsseEnvelope,
      signatures: [{ keyid: '', sig, cert: pem }],
    };
    const files = { '.intoto.jsonl': `${JSON.stringify(envelope)}\n` };
    expect(await verify(files)).toContain('log-entry-missing');
  });

  it.each([
    ['.sig', '-----BEGIN PGP SIGNATURE-----\n', 'OpenPGP signature'],
    [
      '.sig',
      'untrusted comment: signature\nRU',
      'minisign or signify signature',
    ],
    [
      '.sig',
      Buffer.from([0x88, 0x5e, 4, 0]),
      'signature file that is not base64',
    ],
    ['.sig', 'Not Found', UNKNOWN_FORM],
    ['.sig', 'not found here', UNKNOWN_FORM],
    ['.sig', base64('{"error":404}'), UNKNOWN_FORM],
    ['.bundle', '# v2 git bundle\n', 'bundle file that is not of cosign'],
    [
      '.intoto.jsonl',
      JSON.stringify({
        payloadType: 't',
        payload: '',
        signatures: [{ sig: '' }],
      }),
      'application/vnd.dsse.envelope.v1+json without a certificate',
    ],
    ['.intoto.jsonl', statement(SLSA), 'statement without a signature'],
    [
      '.intoto.jsonl',
      JSON.stringify({
        payloadType: 't',
        payload: '',
        signatures: [{ sig: '' }, { sig: '' }],
      }),
      'DSSE envelope with 2 signatures',
    ],
    [
      '.sigstore.json',
      '{"mediaType":"application/vnd.dev.sigstore.bundle.v9+json"}',
      'application/vnd.dev.sigstore.bundle.v9+json',
    ],
  ])('names what is not read in %s (%#)', async (suffix, content, name) => {
    const { lookup, evidence, findings } = await collect({ [suffix]: content });
    expect(evidence).toEqual([]);
    expect(lookup).toMatchObject({ outcome: 'unsupported' });
    expect(findings).toEqual([{ code: 'format-unsupported', detail: name }]);
  });

  it.each([
    ['.bundle', '{"base64Signature":5}'],
    ['.bundle', '{"base64Signature":"aaaa","cert":"bm90IHBlbQ=="}'],
    ['.intoto.jsonl', '{"payloadType":5}'],
    ['.sigstore.json', 'not JSON'],
    ['.sigstore.json', '{"base64Signature":5}'],
  ])('leaves what is broken to verification: %s', async (suffix, content) => {
    expect(await verify({ [suffix]: content })).toEqual(['evidence-malformed']);
  });

  it('finds the wanted attestation and the known one behind a heap of others', async () => {
    const line = async (type: string) =>
      JSON.stringify(await instance.signEnvelope(statement(type)));
    const [wanted, known] = [await line(SLSA), await line('known')];
    const junk = Array.from({ length: CAPS.examined + 10 }, (_, index) =>
      JSON.stringify({ mediaType: JSON.parse(known).mediaType, index }),
    );
    const { evidence, lookup } = await collect(
      { '.intoto.jsonl': [...junk, '', wanted, known].join('\r\n') },
      { known: [sha256(known)], wantedTypes: [SLSA] },
    );
    expect(evidence).toHaveLength(CAPS.kept);
    const digests = evidence.map(({ digest }) => digest);
    expect(digests).toContain(sha256(known));
    expect(digests).toContain(sha256(wanted));
    expect(lookup.outcome).toBe('over-cap');
  });

  it('takes a signature for no key’s while its certificate cannot be asked for', async () => {
    const { signature } = cosignFiles(await instance.signMessage(PLAN));
    writeFileSync(join(folder, 'plan.json.pem'), Buffer.alloc(300 * 1024));
    const { evidence, lookup } = await collect({ '.sig': signature });
    expect(evidence).toEqual([]);
    expect(lookup.outcome).toBe('over-cap');
  });

  it('takes what was signed from the log entry, not from what lies there now', async () => {
    const { old } = cosignFiles(await instance.signMessage(PLAN));
    const { evidence } = await collect(
      { '.bundle': old },
      { artifact: Buffer.from('another') },
    );
    const { messageDigest } = JSON.parse(
      evidence[0].bytes.toString(),
    ).messageSignature;
    expect(messageDigest.digest).toBe(
      createHash('sha256').update(PLAN).digest('base64'),
    );
  });
});
