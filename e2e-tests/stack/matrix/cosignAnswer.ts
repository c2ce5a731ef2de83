import { readFileSync } from 'node:fs';
import { type Case, cosignEnvironment } from './cases.ts';
import { type SigningMeans, predicateTypes } from './signWay.ts';

/** What cosign says of a case. */
export type CosignAnswer =
  | { accepts: true; output: string }
  | { accepts: false; why: string };

/**
 * What cosign needs besides the case. It was initialized with the trusted root,
 * too.
 */
export interface CosignSurroundings
  extends Pick<SigningMeans, 'cosign' | 'trustedRoot' | 'key'> {
  otherKey: { public: string };
}

/**
 * Asks cosign whether an artifact is signed as expected.
 *
 * @param target - name of the image, or path of the file
 * @param bundle - path of the bundle of a file
 */
export async function cosignAnswer(
  { way, expected, isLogged }: Case,
  target: string,
  bundle: string,
  { cosign, trustedRoot, key, otherKey }: CosignSurroundings,
): Promise<CosignAnswer> {
  const keys = { 'the key': key.public, 'another key': otherKey.public };
  // Of the older files of blobs cosign takes no file with a trusted root.
  const isOldBlob = way.made === 'blob-signature' && way.format === 'legacy';
  const options = [
    ...(isOldBlob ? [] : [`--trusted-root=${trustedRoot}`]),
    ...('key' in expected
      ? [`--key=${keys[expected.key]}`]
      : [
          `--certificate-identity=${expected.subject}`,
          `--certificate-oidc-issuer=${expected.issuer}`,
        ]),
    ...(isLogged ? [] : ['--insecure-ignore-tlog']),
    ...(isTimestamped(way) ? ['--use-signed-timestamps'] : []),
    // By itself cosign looks at the older layout where it finds no bundle.
    ...(way.format !== 'bundle' && !way.alsoBy
      ? ['--new-bundle-format=false']
      : []),
    ...(way.format === 'referrers' ? ['--experimental-oci11'] : []),
  ];
  const args = {
    signature: () => ['verify', ...options, '--output=json', target],
    'blob-signature': () => [
      'verify-blob',
      ...options,
      `--bundle=${bundle}`,
      target,
    ],
    'blob-provenance': () => [
      'verify-blob-attestation',
      ...options,
      `--bundle=${bundle}`,
      `--type=${predicateTypes.provenance.flag}`,
      target,
    ],
    provenance: () => attestation('provenance'),
    sbom: () => attestation('sbom'),
  };
  const attestation = (made: keyof typeof predicateTypes) => [
    'verify-attestation',
    ...options,
    `--type=${predicateTypes[made].flag}`,
    target,
  ];
  return cosign.run(args[way.made](), cosignEnvironment(way)).then(
    output => ({ accepts: true, output }),
    (error: Error) => ({ accepts: false, why: error.message }),
  );
}

/** Where cosign says which log entry it made or verified. */
export type LogRecord =
  /** the bundle that it wrote, as a file */
  | { bundle: string }
  /** what it wrote beside a signature of the older layout; undefined is none */
  | { annotation: string | undefined }
  /** what it prints of a signature of the older layout */
  | 'output';

/** The log index that cosign names, if it names one. */
export function logIndexOf(
  record: LogRecord,
  output: string,
): string | undefined {
  if (record === 'output') {
    const [{ optional }] = JSON.parse(output);
    return payloadIndex(optional?.Bundle);
  }
  if ('annotation' in record) {
    return record.annotation && payloadIndex(JSON.parse(record.annotation));
  }
  const bundle = JSON.parse(readFileSync(record.bundle, 'utf8'));
  const [entry] = bundle.verificationMaterial.tlogEntries ?? [];
  // Protobuf's JSON leaves a number out that is zero.
  return entry && (entry.logIndex ?? '0');
}

function payloadIndex(
  rekorBundle: { Payload: { logIndex: number } } | undefined,
): string | undefined {
  return rekorBundle && String(rekorBundle.Payload.logIndex);
}

/** Where neither a log of version 1 nor a key that never ends gives the time. */
function isTimestamped(way: Case['way']): boolean {
  if (way.format === 'bundle') return true;
  return way.log === undefined && way.by !== 'key';
}
