/** The parts of a Sigstore bundle (JSON) that are read or changed here. */
export interface BundleJson {
  mediaType: string;
  verificationMaterial: {
    certificate: { rawBytes: string };
    tlogEntries?: LogEntryJson[];
    timestampVerificationData: {
      rfc3161Timestamps: { signedTimestamp: string }[];
    };
  };
  dsseEnvelope?: DsseJson;
  messageSignature?: {
    messageDigest: { algorithm: string; digest: string };
    signature: string;
  };
}

export interface LogEntryJson {
  logIndex?: string;
  kindVersion: { kind: string; version: string };
  canonicalizedBody: string;
  inclusionProof: {
    logIndex?: string;
    rootHash: string;
    treeSize: string;
    hashes?: string[];
    checkpoint: { envelope: string };
  };
}

export interface DsseJson {
  payload: string;
  payloadType: string;
  signatures: { sig: string }[];
}

/** Annotations of a layer in cosign's older layout. */
export const legacyAnnotations = {
  signature: 'dev.cosignproject.cosign/signature',
  certificate: 'dev.sigstore.cosign/certificate',
  timestamp: 'dev.sigstore.cosign/rfc3161timestamp',
} as const;
