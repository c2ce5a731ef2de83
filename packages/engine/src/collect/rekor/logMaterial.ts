import { BUNDLE_V01_MEDIA_TYPE, BUNDLE_V03_MEDIA_TYPE } from '@sigstore/bundle';
import { z } from 'zod/v4';
import { RekorEntry } from '../../transparency/rekorEntry';

const PEM_CERTIFICATE =
  /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/;

/** What every body of an entry begins with. */
export const entryBodySchema = z.object({
  kind: z.string().max(64),
  apiVersion: z.string().max(64),
  spec: z.unknown(),
});

/** A bundle without what was signed. */
type Material = {
  mediaType: string;
  verificationMaterial: object;
};

/**
 * Who signed and where it is logged, as a bundle has it. Only the first bundle
 * version does without an inclusion proof.
 *
 * @param pem - certificate or key, in base64 once more
 * @returns nothing where the log gives no proof that the entry is in there
 */
export function materialOf(
  entry: RekorEntry,
  pem: string,
): Material | undefined {
  const { inclusionProof, signedEntryTimestamp } = entry.verification ?? {};
  if (!inclusionProof && !signedEntryTimestamp) return undefined;
  const text = Buffer.from(pem, 'base64').toString('utf8');
  const rawBytes = PEM_CERTIFICATE.exec(text)?.[1].replace(/\s/g, '');
  const signer = inclusionProof
    ? { certificate: { rawBytes } }
    : { x509CertificateChain: { certificates: [{ rawBytes }] } };
  return {
    mediaType: inclusionProof ? BUNDLE_V03_MEDIA_TYPE : BUNDLE_V01_MEDIA_TYPE,
    verificationMaterial: {
      ...(rawBytes ? signer : { publicKey: { hint: '' } }),
      tlogEntries: [toTransparencyLogEntry(entry)],
    },
  };
}

/** As Sigstore's protobuf specification has it: hashes in base64, not in hex. */
function toTransparencyLogEntry(entry: RekorEntry) {
  const { kind, apiVersion } = entryBodySchema.parse(
    JSON.parse(Buffer.from(entry.body, 'base64').toString('utf8')),
  );
  const { inclusionProof, signedEntryTimestamp } = entry.verification ?? {};
  return {
    logIndex: String(entry.logIndex),
    logId: { keyId: fromHex(entry.logID) },
    kindVersion: { kind, version: apiVersion },
    integratedTime: String(entry.integratedTime),
    ...(signedEntryTimestamp
      ? { inclusionPromise: { signedEntryTimestamp } }
      : {}),
    ...(inclusionProof
      ? {
          inclusionProof: {
            logIndex: String(inclusionProof.logIndex),
            rootHash: fromHex(inclusionProof.rootHash),
            treeSize: String(inclusionProof.treeSize),
            hashes: inclusionProof.hashes.map(fromHex),
            checkpoint: { envelope: inclusionProof.checkpoint },
          },
        }
      : {}),
    canonicalizedBody: entry.body,
  };
}

function fromHex(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
