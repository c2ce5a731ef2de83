import { KeyObject, createHash, generateKeyPairSync, sign } from 'crypto';
import { ed25519ph } from '@noble/curves/ed25519';
import { dsse } from '@sigstore/core';
import {
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
} from '@sigstore/mock';
import { EVIDENCE_SIMPLE_SIGNING } from '../../collect';
import { Evidence } from '../evidence';
import { HashName } from '../hashNames';

export type KeyPair = { publicKey: KeyObject; privateKey: KeyObject };
type Mutable = Record<string, any>;
type Parts = {
  ca: Awaited<ReturnType<typeof initializeCA>>;
  ctLog: Awaited<ReturnType<typeof initializeCTLog>>;
  log: Awaited<ReturnType<typeof initializeTLog>>;
  tsa: Awaited<ReturnType<typeof initializeTSA>>;
};
type LogRecord = {
  kind: string;
  spec: (signature: Buffer, signer: string) => Mutable;
};

const ISSUER = '1.3.6.1.4.1.57264.1.8';
const SHA256 = '2.16.840.1.101.3.4.2.1';

/** What a mocked signing does differently from an ordinary one. */
export type SigningOptions = {
  /** Signs with this key pair. */
  keys?: KeyPair;
  /** Puts a timestamp of the instance's own authority into the bundle. */
  timestamp?: boolean;
  /** A second one, a second later. */
  secondTimestamp?: boolean;
  /** Logs the entry with this certificate instead of the bundle's. */
  loggedCertificate?: Buffer;
  certificate?: Buffer;
  /** Signs with `keys` and no certificate, as `cosign --key` does. */
  keyed?: boolean;
  /** What a keyed bundle says about its key; else what cosign writes. */
  hint?: string;
  /** Logs a keyed entry with this key instead. */
  loggedKey?: KeyObject;
  /** Signs over this digest instead of SHA-256; Ed25519 has its own way. */
  hash?: HashName;
  /** Makes the signature instead. */
  sign?: (signed: Buffer) => Buffer;
  /** Logs the entry as another kind. */
  entryKind?: { kind: string; apiVersion: string };
  /** Logs an envelope as a bare signature, by this digest of what was signed. */
  recordedDigest?: (signed: Buffer) => Buffer;
  /** Whose logs get an entry, all of different bytes; else its own gets one. */
  logs?: MockInstance[];
  payloadType?: string;
};

/** A Sigstore instance of ours, for what no real authority would issue. */
export class MockInstance {
  readonly #parts: Parts;
  readonly #host: string;
  /** Time of its log and of its timestamp authority. */
  readonly clock: Date;

  private constructor(host: string, clock: Date, parts: Parts) {
    this.#host = host;
    this.clock = clock;
    this.#parts = parts;
  }

  /** Certificates begin now, or when those of `contemporary` do. */
  static async create(
    host = 'rekor.mock',
    options: {
      clock?: Date;
      contemporary?: MockInstance;
      /** Certificates come without proof of a log, as GitHub's own do. */
      withoutCertificateLog?: boolean;
      /**
       * Whose certificate logs prove each certificate besides its own; or what
       * stands there instead of a proof.
       */
      otherCertificateLogs?: ('its own again' | MockInstance | Buffer)[];
    } = {},
  ): Promise<MockInstance> {
    // The authorities' own certificates begin now; and whole seconds, because
    // the library reads no timestamps with one or two decimals.
    const soon = new Date((Math.floor(Date.now() / 1000) + 60) * 1000);
    const begin = new Date(options.contemporary?.clock ?? soon);
    const clock = options.clock ?? new Date(begin);
    const ctLog = await initializeCTLog(newKeys('prime256v1'));
    const url = `https://${host}`;
    const { withoutCertificateLog, otherCertificateLogs = [] } = options;
    const certificateLogs = otherCertificateLogs.map(log => {
      if (log === 'its own again') return ctLog;
      if (log instanceof MockInstance) return log.#parts.ctLog;
      return { ...ctLog, log: async () => Uint8Array.from(log).buffer };
    });
    return new MockInstance(host, clock, {
      ctLog,
      ca: await initializeCA(
        newKeys('secp384r1'),
        withoutCertificateLog
          ? (undefined as never)
          : together([ctLog, ...certificateLogs]),
        begin,
      ),
      log: await initializeTLog(url, newKeys('prime256v1'), clock),
      tsa: await initializeTSA(newKeys('secp384r1'), clock),
    });
  }

  /** Its trusted_root.json; `alter` changes it before use. */
  trustedRoot(alter: (root: Mutable) => void = () => undefined): unknown {
    const { ca, ctLog, log, tsa } = this.#parts;
    const validFor = { start: '2020-01-01T00:00:00Z' };
    const key = (rawBytes: Buffer) => ({
      rawBytes: rawBytes.toString('base64'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor: { ...validFor },
    });
    const chain = (...certificates: ArrayBufferView[]) => ({
      certificates: certificates.map(bytes => ({ rawBytes: base64(bytes) })),
    });
    const root = {
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [
        {
          baseUrl: `https://${this.#host}`,
          hashAlgorithm: 'SHA2_256',
          publicKey: key(log.publicKey),
          logId: { keyId: this.logId().toString('base64') },
        },
      ],
      ctlogs: [
        {
          baseUrl: 'https://ctfe.mock',
          hashAlgorithm: 'SHA2_256',
          publicKey: key(ctLog.publicKey),
          logId: { keyId: base64(ctLog.logID) },
        },
      ],
      certificateAuthorities: [
        {
          subject: { organization: 'mock', commonName: 'mock CA' },
          certChain: chain(ca.rootCertificate),
          validFor: { ...validFor },
        },
      ],
      timestampAuthorities: [
        {
          subject: { organization: 'mock', commonName: 'mock TSA' },
          certChain: chain(tsa.intCertificate, tsa.rootCertificate),
          validFor: { ...validFor },
        },
      ],
    };
    alter(root);
    return root;
  }

  logId(): Buffer {
    return createHash('sha256').update(this.#parts.log.publicKey).digest();
  }

  /** Issues a certificate for a key. */
  async certificate(
    publicKey: KeyObject,
    identity = 'https://mock/identity',
    extensions: { oid: string; value: string; legacy?: boolean }[] = [],
  ): Promise<Buffer> {
    const der = publicKey.export({ format: 'der', type: 'spki' });
    const issued = await this.#parts.ca.issueCertificate({
      publicKey: Buffer.from(der),
      subjectAltName: identity,
      extensions: [
        { oid: ISSUER, value: 'https://issuer.mock' },
        ...extensions,
      ],
    });
    return toBuffer(issued);
  }

  /** Signs an artifact by its bytes, as `cosign sign-blob` does. */
  async signMessage(
    artifact: Buffer,
    options: SigningOptions = {},
  ): Promise<Mutable> {
    const { hash = 'sha256' } = options;
    const digest = createHash(hash).update(artifact).digest();
    return this.#sign(options, artifact, {
      ...recordOf(digest),
      content: signed => ({
        messageSignature: {
          messageDigest: {
            algorithm: hash.replace('sha', 'SHA2_'),
            digest: digest.toString('base64'),
          },
          signature: signed.toString('base64'),
        },
      }),
    });
  }

  /** Signs a payload in an envelope, as `cosign attest` does. */
  async signEnvelope(
    payload: Buffer,
    options: SigningOptions = {},
  ): Promise<Mutable> {
    const { payloadType = 'application/vnd.in-toto+json' } = options;
    const encoded = dsse.preAuthEncoding(payloadType, payload);
    const digest = createHash('sha256').update(payload).digest('hex');
    const { recordedDigest } = options;
    return this.#sign(options, encoded, {
      ...(recordedDigest
        ? recordOf(recordedDigest(encoded))
        : {
            kind: 'dsse',
            spec: (signed, signer) => ({
              envelopeHash: { algorithm: 'sha256', value: digest },
              payloadHash: { algorithm: 'sha256', value: digest },
              signatures: [
                { signature: signed.toString('base64'), verifier: signer },
              ],
            }),
          }),
      content: signed => ({
        dsseEnvelope: {
          payloadType,
          payload: payload.toString('base64'),
          signatures: [{ sig: signed.toString('base64') }],
        },
      }),
    });
  }

  async #sign(
    options: SigningOptions,
    signed: Buffer,
    form: LogRecord & { content: (signature: Buffer) => Mutable },
  ): Promise<Mutable> {
    const keys = options.keys ?? newKeys('prime256v1');
    const { asymmetricKeyType } = keys.publicKey;
    const hash =
      asymmetricKeyType === 'ed25519' ? null : options.hash ?? 'sha256';
    const signature = options.sign
      ? options.sign(signed)
      : sign(hash, signed, keys.privateKey);
    const { material, logged } = options.keyed
      ? keyMaterial(keys.publicKey, options)
      : await this.#certificateMaterial(keys.publicKey, options);
    const kind = options.entryKind ?? { kind: form.kind, apiVersion: '0.0.1' };
    const spec = form.spec(signature, logged);
    const tlogEntries = [];
    for (const [number, log] of (options.logs ?? [this]).entries()) {
      tlogEntries.push(await log.#log({ ...kind, number, spec }));
    }
    return {
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: {
        ...material,
        tlogEntries,
        timestampVerificationData: {
          rfc3161Timestamps: await this.#timestamps(signature, options),
        },
      },
      ...form.content(signature),
    };
  }

  async #certificateMaterial(publicKey: KeyObject, options: SigningOptions) {
    const certificate =
      options.certificate ?? (await this.certificate(publicKey));
    return {
      material: { certificate: { rawBytes: certificate.toString('base64') } },
      logged: pem(options.loggedCertificate ?? certificate),
    };
  }

  async #log(body: {
    kind: string;
    apiVersion: string;
    number: number;
    spec: Mutable;
  }): Promise<Mutable> {
    const [entry] = Object.values<Mutable>(await this.#parts.log.log(body));
    const { inclusionProof, signedEntryTimestamp } = entry.verification;
    return {
      logIndex: String(entry.logIndex),
      logId: { keyId: Buffer.from(entry.logID, 'hex').toString('base64') },
      kindVersion: { kind: body.kind, version: body.apiVersion },
      integratedTime: String(entry.integratedTime),
      inclusionPromise: { signedEntryTimestamp },
      inclusionProof: {
        logIndex: String(inclusionProof.logIndex),
        treeSize: String(inclusionProof.treeSize),
        rootHash: Buffer.from(inclusionProof.rootHash, 'hex').toString(
          'base64',
        ),
        hashes: [],
        checkpoint: { envelope: inclusionProof.checkpoint },
      },
      canonicalizedBody: entry.body,
    };
  }

  async #timestamps(
    signature: Buffer,
    { timestamp, secondTimestamp }: SigningOptions,
  ): Promise<Mutable[]> {
    const times = timestamp ? [this.clock.getTime()] : [];
    if (secondTimestamp) times.push(this.clock.getTime() + 1000);
    const before = this.clock.getTime();
    const tokens = [];
    for (const time of times) {
      this.clock.setTime(time);
      const token = await this.#parts.tsa.timestamp({
        artifactHash: createHash('sha256').update(signature).digest(),
        hashAlgorithmOID: SHA256,
        nonce: 1,
        policyOID: '1.2.3.4.5',
      });
      tokens.push({ signedTimestamp: base64(token) });
    }
    this.clock.setTime(before);
    return tokens;
  }
}

/** A log's record of a bare signature over something with this digest. */
function recordOf(digest: Buffer): LogRecord {
  const algorithm = `sha${digest.length * 8}`;
  return {
    kind: 'hashedrekord',
    spec: (signature, signer) => ({
      data: { hash: { algorithm, value: digest.toString('hex') } },
      signature: {
        content: signature.toString('base64'),
        publicKey: { content: signer },
      },
    }),
  };
}

function keyMaterial(
  publicKey: KeyObject,
  { hint = hintOf(publicKey), loggedKey = publicKey }: SigningOptions,
) {
  return {
    material: { publicKey: { hint } },
    logged: Buffer.from(pemOf(loggedKey), 'utf8').toString('base64'),
  };
}

/** Signs with Ed25519ph, as Sigstore's signers do over artifacts. */
export function signPrehashed({ privateKey }: KeyPair) {
  const { d = '' } = privateKey.export({ format: 'jwk' });
  const seed = Buffer.from(d, 'base64url');
  return (message: Buffer) => Buffer.from(ed25519ph.sign(message, seed));
}

/** The hint that cosign writes for a key. */
export function hintOf(publicKey: KeyObject): string {
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(der).digest('base64');
}

/** A public key in PEM form. */
export function pemOf(publicKey: KeyObject): string {
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}

/** Certificate logs as one, that gives the proofs of all. */
function together(logs: Parts['ctLog'][]): Parts['ctLog'] {
  return {
    ...logs[0],
    log: async (certificate, issuerId) => {
      const proofs = logs.map(log => log.log(certificate, issuerId));
      const bytes = (await Promise.all(proofs)).map(proof =>
        Buffer.from(proof),
      );
      return new Uint8Array(Buffer.concat(bytes)).buffer;
    },
  };
}

/** A key pair on a named curve. */
export function newKeys(namedCurve: string): KeyPair {
  return generateKeyPairSync('ec', { namedCurve });
}

/** A bundle as evidence. */
export function asEvidence(bundle: unknown): Evidence {
  const bytes = Buffer.from(JSON.stringify(bundle), 'utf8');
  return {
    digest: digestOf(bytes),
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    bytes,
  };
}

/** A signature over a payload of cosign's older layout, as evidence. */
export function asSimpleSigning(bundle: unknown, payload: Buffer): Evidence {
  const json = { bundle, payload: payload.toString('base64') };
  return { ...asEvidence(json), mediaType: EVIDENCE_SIMPLE_SIGNING };
}

/** The payload that cosign's older layout signs for a manifest. */
export function simplePayload(
  manifestDigest: string,
  type = 'cosign container image signature',
): Buffer {
  const critical = {
    identity: { 'docker-reference': 'registry.example/a' },
    image: { 'docker-manifest-digest': manifestDigest },
    type,
  };
  return Buffer.from(JSON.stringify({ critical, optional: null }), 'utf8');
}

/** `sha256:…` of bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** An in-toto statement about bytes. */
export function statementAbout(
  bytes: Buffer,
  changes: Record<string, unknown> = {},
): Buffer {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'a', digest: { sha256: digestOf(bytes).slice(7) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {},
    ...changes,
  };
  return Buffer.from(JSON.stringify(statement), 'utf8');
}

function toBuffer(bytes: ArrayBufferView): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function base64(bytes: ArrayBufferView): string {
  return toBuffer(bytes).toString('base64');
}

function pem(certificate: Buffer): string {
  const body = certificate
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n');
  const text = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  return Buffer.from(text, 'utf8').toString('base64');
}
