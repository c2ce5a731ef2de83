import type { BundleJson, DsseJson } from './evidenceFile.ts';
import { legacyAnnotations } from './evidenceFile.ts';

/** What is changed: one place in the evidence, or the artifact itself. */
export const changes = [
  'signature',
  'certificate',
  'payload',
  'timestamp',
  'log-entry',
  'inclusion-proof',
  'proof-root',
  'checkpoint',
  'artifact',
] as const;

export type Change = (typeof changes)[number];

/** Changes that need a log entry to be made. */
export const logChanges: readonly Change[] = [
  'log-entry',
  'inclusion-proof',
  'proof-root',
  'checkpoint',
];

/** A change to evidence; the artifact is changed elsewhere. */
export type EvidenceChange = Exclude<Change, 'artifact'>;

/** Makes one change to a bundle. */
export function changeBundle(
  bundle: BundleJson,
  change: EvidenceChange,
): BundleJson {
  const changed = structuredClone(bundle);
  const {
    verificationMaterial: material,
    dsseEnvelope,
    messageSignature,
  } = changed;
  const entry = material.tlogEntries?.[0];
  const [stamp] = material.timestampVerificationData.rfc3161Timestamps;
  switch (change) {
    case 'signature':
      if (dsseEnvelope) changeEnvelopeSignature(dsseEnvelope);
      else
        messageSignature!.signature = flipLastBit(messageSignature!.signature);
      break;
    case 'certificate':
      material.certificate.rawBytes = renameIdentity(
        material.certificate.rawBytes,
      );
      break;
    case 'payload':
      if (dsseEnvelope)
        dsseEnvelope.payload = appendSpace(dsseEnvelope.payload);
      else {
        const { messageDigest } = messageSignature!;
        messageDigest.digest = flipLastBit(messageDigest.digest);
      }
      break;
    case 'timestamp':
      stamp.signedTimestamp = flipLastBit(stamp.signedTimestamp);
      break;
    case 'log-entry':
      entry!.canonicalizedBody = changeLoggedDigest(entry!.canonicalizedBody);
      break;
    case 'inclusion-proof': {
      // The path of a log's only entry is empty; then it gets a step too many.
      const proof = entry!.inclusionProof;
      const [first = proof.rootHash, ...rest] = proof.hashes ?? [];
      proof.hashes = [flipLastBit(first), ...rest];
      break;
    }
    case 'proof-root': {
      const proof = entry!.inclusionProof;
      proof.rootHash = flipLastBit(proof.rootHash);
      break;
    }
    case 'checkpoint': {
      const { checkpoint } = entry!.inclusionProof;
      checkpoint.envelope = checkpoint.envelope.replace(
        /[A-Za-z0-9+/=]+\n$/,
        signature => `${flipLastBit(signature.trim())}\n`,
      );
      break;
    }
  }
  return changed;
}

/** A layer of cosign's older layout: its bytes and annotations. */
export interface LegacyLayer {
  content: Buffer;
  annotations: Record<string, string>;
}

/** Makes one change to a layer of cosign's older layout, which has no log entry. */
export function changeLegacyLayer(
  layer: LegacyLayer,
  change: EvidenceChange,
): LegacyLayer {
  const annotations = { ...layer.annotations };
  const isAttestation = annotations[legacyAnnotations.signature] === '';
  switch (change) {
    case 'signature':
      if (isAttestation)
        return {
          annotations,
          content: changeEnvelope(layer, changeEnvelopeSignature),
        };
      annotations[legacyAnnotations.signature] = flipLastBit(
        annotations[legacyAnnotations.signature],
      );
      return { ...layer, annotations };
    case 'payload':
      return {
        annotations,
        content: isAttestation
          ? changeEnvelope(layer, envelope => {
              envelope.payload = appendSpace(envelope.payload);
            })
          : Buffer.concat([layer.content, Buffer.from(' ')]),
      };
    case 'certificate':
      annotations[legacyAnnotations.certificate] = renamePem(
        annotations[legacyAnnotations.certificate],
      );
      return { ...layer, annotations };
    case 'timestamp': {
      const stamp = JSON.parse(annotations[legacyAnnotations.timestamp]);
      stamp.SignedRFC3161Timestamp = flipLastBit(stamp.SignedRFC3161Timestamp);
      annotations[legacyAnnotations.timestamp] = JSON.stringify(stamp);
      return { ...layer, annotations };
    }
    default:
      throw new Error(`cosign's older layout holds no ${change}`);
  }
}

function changeEnvelope(
  layer: LegacyLayer,
  edit: (envelope: DsseJson) => void,
): Buffer {
  const envelope = JSON.parse(layer.content.toString()) as DsseJson;
  edit(envelope);
  return Buffer.from(JSON.stringify(envelope));
}

function changeEnvelopeSignature(envelope: DsseJson): void {
  envelope.signatures[0].sig = flipLastBit(envelope.signatures[0].sig);
}

/** Another value of the same length: an ECDSA signature stays well-formed, a hash a hash. */
function flipLastBit(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[bytes.length - 1] ^= 1;
  return bytes.toString('base64');
}

/** White space after the statement: it reads the same and was not signed. */
function appendSpace(base64: string): string {
  return Buffer.concat([
    Buffer.from(base64, 'base64'),
    Buffer.from(' '),
  ]).toString('base64');
}

/** Puts another owner's name into the certificate's identity, at the same length. */
function renameIdentity(base64: string): string {
  const der = Buffer.from(base64, 'base64');
  const identity = Buffer.from('https://github.com/acme/');
  const at = der.indexOf(identity);
  if (at < 0) throw new Error('no identity of acme in the certificate');
  Buffer.from('https://github.com/acne/').copy(der, at);
  return der.toString('base64');
}

function renamePem(pem: string): string {
  const base64 = pem.replace(/-----[A-Z ]+-----|\s/g, '');
  const lines = renameIdentity(base64)
    .match(/.{1,64}/g)!
    .join('\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function changeLoggedDigest(base64: string): string {
  const body = JSON.parse(Buffer.from(base64, 'base64').toString());
  const { data } = body.spec.hashedRekordV002;
  data.digest = flipLastBit(data.digest);
  return Buffer.from(JSON.stringify(body)).toString('base64');
}
