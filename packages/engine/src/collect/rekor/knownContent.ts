import { createHash } from 'node:crypto';
import { z } from 'zod/v4';
import { ResolvedArtifact } from '../../resolve';
import { CollectTarget } from '../evidence';
import { simpleSigningPayload } from './simpleSigningPayload';

const MAX_SUBJECTS = 1024;

const envelopeSchema = z.object({
  dsseEnvelope: z.object({ payload: z.base64(), payloadType: z.string() }),
});
const simpleSigningSchema = z.object({
  payload: z.base64(),
  bundle: z
    .object({
      verificationMaterial: z.object({ tlogEntries: z.array(z.unknown()) }),
    })
    .nullable(),
});
const statementSchema = z.object({
  subject: z
    .array(z.object({ digest: z.record(z.string(), z.unknown()) }).loose())
    .max(MAX_SUBJECTS),
});

/** What a logged envelope was made over. */
export type EnvelopePayload = { payload: Buffer; payloadType: string };

/**
 * What is known of an artifact, to tell what log entries are about and to
 * complete them: its digests, and what was signed according to evidence that
 * other sources have.
 */
export class KnownContent {
  readonly #digests: ReadonlySet<string>;
  readonly #simpleSigning = new Map<string, Buffer>();
  readonly #envelopes = new Map<string, EnvelopePayload>();

  constructor({ reference, artifact, collected = [] }: CollectTarget) {
    this.#digests = new Set(digestsOf(artifact));
    const recomputed = simpleSigningPayload(reference, artifact.digest);
    if (recomputed) this.#simpleSigning.set(sha256(recomputed), recomputed);
    for (const { bytes } of collected) this.#add(bytes);
  }

  /**
   * Digests to search a log for: of the artifact, and of the payloads that
   * cosign 1 and 2 signed instead, unless their log entry came with them.
   */
  get searched(): string[] {
    const signed = [...this.#simpleSigning.keys()];
    return [
      ...[...this.#digests].filter(digest => !digest.startsWith('sha384:')),
      ...signed.map(hex => `sha256:${hex}`),
    ];
  }

  /** Whether a digest is one of the artifact. */
  isArtifact(digest: string): boolean {
    return this.#digests.has(digest);
  }

  /** Whether a statement names the artifact as its subject. */
  isSubjectOf(statement: Buffer): boolean {
    const { subject } = statementSchema.parse(
      JSON.parse(statement.toString('utf8')),
    );
    return subject.some(({ digest }) =>
      Object.entries(digest).some(([algorithm, value]) =>
        this.#digests.has(`${algorithm}:${value}`),
      ),
    );
  }

  /** The simple-signing payload with a SHA-256 hash in hexadecimal digits. */
  simpleSigning(hash: string): Buffer | undefined {
    return this.#simpleSigning.get(hash);
  }

  /** What an envelope was made over, by its SHA-256 hash. */
  envelopePayload(hash: string): EnvelopePayload | undefined {
    return this.#envelopes.get(hash);
  }

  #add(bytes: Buffer): void {
    let json: unknown;
    try {
      json = JSON.parse(bytes.toString('utf8'));
    } catch {
      return;
    }
    const envelope = envelopeSchema.safeParse(json).data?.dsseEnvelope;
    if (envelope) {
      const payload = Buffer.from(envelope.payload, 'base64');
      const { payloadType } = envelope;
      this.#envelopes.set(sha256(payload), { payload, payloadType });
    }
    const signed = simpleSigningSchema.safeParse(json).data;
    const material = signed?.bundle?.verificationMaterial;
    if (signed && !material?.tlogEntries.length) {
      const payload = Buffer.from(signed.payload, 'base64');
      this.#simpleSigning.set(sha256(payload), payload);
    }
  }
}

function digestsOf({ digest, otherDigests = [] }: ResolvedArtifact): string[] {
  return [digest, ...otherDigests];
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
