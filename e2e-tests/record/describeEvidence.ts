import { ASN1Obj, RFC3161Timestamp, X509Certificate } from '@sigstore/core';
import {
  type BundleJson,
  type DsseJson,
  legacyAnnotations,
} from './evidenceFile.ts';

/** What a piece of evidence says, without keys, signatures, digests, times and log positions. */
export interface EvidenceDescription {
  format: string;
  /** what was signed, with the digests it names replaced by what they stand for */
  signed: unknown;
  identity: string | undefined;
  /** Fulcio's extensions of the certificate, by the last number of their OID */
  extensions: Record<string, string>;
  logs: { origin: string; kind: string; proved: boolean }[];
  /** for each timestamp, whether it lies inside the certificate's window */
  timestamps: ('inside' | 'outside')[];
}

/** What a digest is called in a description, such as the tag that points to it. */
export type NameDigest = (digest: string) => string;

/** Describes a Sigstore bundle. */
export function describeBundle(
  bundle: BundleJson,
  nameDigest: NameDigest,
): EvidenceDescription {
  const {
    certificate,
    tlogEntries = [],
    timestampVerificationData,
  } = bundle.verificationMaterial;
  return {
    format: bundle.mediaType,
    signed: bundle.dsseEnvelope
      ? signedStatement(bundle.dsseEnvelope, nameDigest)
      : signedDigest(bundle.messageSignature!.messageDigest, nameDigest),
    ...describeSigner(
      certificate.rawBytes,
      timestampVerificationData.rfc3161Timestamps.map(
        one => one.signedTimestamp,
      ),
    ),
    logs: tlogEntries.map(({ kindVersion, inclusionProof }) => ({
      origin: inclusionProof.checkpoint.envelope.split('\n')[0],
      kind: `${kindVersion.kind} ${kindVersion.version}`,
      // The first entry's index, zero, is left out of the JSON.
      proved:
        Number(inclusionProof.logIndex ?? 0) < Number(inclusionProof.treeSize),
    })),
  };
}

/** Describes a layer of cosign's older layout: a signature or an attestation. */
export function describeLegacyLayer(
  mediaType: string,
  content: Buffer,
  annotations: Record<string, string>,
  nameDigest: NameDigest,
): EvidenceDescription {
  const stamp = JSON.parse(annotations[legacyAnnotations.timestamp]);
  return {
    format: mediaType,
    signed: mediaType.includes('dsse')
      ? signedStatement(JSON.parse(content.toString()) as DsseJson, nameDigest)
      : withNamedDigests(JSON.parse(content.toString()), nameDigest),
    ...describeSigner(
      annotations[legacyAnnotations.certificate].replace(
        /-----[A-Z ]+-----|\s/g,
        '',
      ),
      [stamp.SignedRFC3161Timestamp],
    ),
    logs: [],
  };
}

function describeSigner(
  certificate: string,
  stamps: string[],
): Pick<EvidenceDescription, 'identity' | 'extensions' | 'timestamps'> {
  const parsed = X509Certificate.parse(Buffer.from(certificate, 'base64'));
  return {
    identity: parsed.subjectAltName,
    extensions: fulcioExtensions(parsed),
    timestamps: stamps.map(stamp =>
      parsed.validForDate(
        RFC3161Timestamp.parse(Buffer.from(stamp, 'base64')).signingTime,
      )
        ? 'inside'
        : 'outside',
    ),
  };
}

function fulcioExtensions(
  certificate: X509Certificate,
): Record<string, string> {
  const extensions: Record<string, string> = {};
  for (let number = 1; number <= 24; number += 1) {
    const extension = certificate.extension(`1.3.6.1.4.1.57264.1.${number}`);
    if (!extension) continue;
    // The first six are plain text, the later ones DER strings.
    extensions[number] =
      number <= 6
        ? extension.value.toString()
        : ASN1Obj.parseBuffer(extension.value).value.toString();
  }
  return extensions;
}

function signedStatement(envelope: DsseJson, nameDigest: NameDigest): unknown {
  const statement = JSON.parse(
    Buffer.from(envelope.payload, 'base64').toString(),
  );
  return {
    payloadType: envelope.payloadType,
    ...withNamedDigests(statement, nameDigest),
  };
}

function signedDigest(
  { algorithm, digest }: { algorithm: string; digest: string },
  nameDigest: NameDigest,
): unknown {
  return {
    algorithm,
    digest: nameDigest(
      `sha256:${Buffer.from(digest, 'base64').toString('hex')}`,
    ),
  };
}

/** The same JSON with every SHA-256 in it, bare or prefixed, replaced by its name. */
function withNamedDigests(value: object, nameDigest: NameDigest): object {
  const text = JSON.stringify(value).replace(
    /"(?:sha256:)?([0-9a-f]{64})"/g,
    (_, hex) => JSON.stringify(nameDigest(`sha256:${hex}`)),
  );
  return JSON.parse(text) as object;
}
