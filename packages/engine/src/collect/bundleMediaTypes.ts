import {
  BUNDLE_V01_MEDIA_TYPE,
  BUNDLE_V02_MEDIA_TYPE,
  BUNDLE_V03_LEGACY_MEDIA_TYPE,
  BUNDLE_V03_MEDIA_TYPE,
} from '@sigstore/bundle';
import { EVIDENCE_SIMPLE_SIGNING, isSimpleSigning } from './evidence';

const SUPPORTED: string[] = [
  BUNDLE_V01_MEDIA_TYPE,
  BUNDLE_V02_MEDIA_TYPE,
  BUNDLE_V03_LEGACY_MEDIA_TYPE,
  BUNDLE_V03_MEDIA_TYPE,
];

/** What the media types of all versions of Sigstore bundles begin with. */
export const BUNDLE_PREFIX = 'application/vnd.dev.sigstore.bundle';

/** Whether bytes are a bundle of a version that is read. */
export type BundleRecognition =
  | { supported: true; mediaType: string }
  | { supported: false; mediaType: string };

/**
 * Tells which bundle version bytes claim to be. Bytes that cannot be read at
 * all count as a bundle of the current version: that they are broken is for
 * verification to say, not to be passed over. What is assembled from cosign's
 * older layout stays that, also where somebody attached it as a bundle.
 */
export function recognizeBundle(bytes: Buffer): BundleRecognition {
  const json = parse(bytes);
  const mediaType = json?.mediaType;
  if (typeof mediaType === 'string' && mediaType !== '') {
    return {
      supported: SUPPORTED.includes(mediaType),
      mediaType: mediaType.slice(0, 255),
    };
  }
  if (json && isSimpleSigning(json)) {
    return { supported: true, mediaType: EVIDENCE_SIMPLE_SIGNING };
  }
  if (json && 'base64Signature' in json) {
    return { supported: false, mediaType: 'cosign bundle of version 1 or 2' };
  }
  return { supported: true, mediaType: BUNDLE_V03_MEDIA_TYPE };
}

function parse(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const json = JSON.parse(bytes.toString('utf8'));
    return json && typeof json === 'object' ? json : undefined;
  } catch {
    return undefined;
  }
}
