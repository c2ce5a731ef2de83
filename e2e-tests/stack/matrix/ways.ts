import type { LogName } from '../names.ts';
import type { SignerName } from './identities.ts';

/** Where the artifact and its evidence lie. */
export type Place =
  /** go-containerregistry, with the referrers API */
  | 'registry'
  /** distribution, without it: the referrers tag */
  | 'distribution'
  /** the evidence in another repository of the registry, by `COSIGN_REPOSITORY` */
  | 'separate'
  /** versitygw: the bundle beside the object */
  | 's3'
  /** a folder: the bundle beside the file */
  | 'file'
  /** a registry or a folder, and evidence nowhere but in the log */
  | 'log';

/** A way of signing, with cosign. */
export interface Way {
  /** name of the repository or folder, and of the row */
  name: string;
  made:
    | 'signature'
    | 'provenance'
    | 'sbom'
    | 'blob-signature'
    | 'blob-provenance';
  /** cosign 3's bundle, its older layout of tags, or that among the referrers */
  format: 'bundle' | 'legacy' | 'referrers';
  place: Place;
  /** the log with the entry, if there is one */
  log?: LogName;
  by: SignerName;
  /** who signed it a second time, as a bundle, with Rekor v2 */
  alsoBy?: SignerName;
  /** whether what is signed is an index of images for two platforms */
  isIndex?: boolean;
}

/** Whether it signs a file and not an image. */
export function isBlob({ made }: Way): boolean {
  return made === 'blob-signature' || made === 'blob-provenance';
}

/** What it attests, if it does. */
export function attestedBy({ made }: Way): 'provenance' | 'sbom' | undefined {
  if (made === 'sbom') return 'sbom';
  return made === 'provenance' || made === 'blob-provenance'
    ? 'provenance'
    : undefined;
}

const workflow = 'GitHub workflow';

/**
 * Every way of signing that is compared with cosign's own answer. What is made,
 * its format, its place and its log meet each other as far as cosign lets them;
 * of the older layout it writes nothing to Rekor v2. Who signs is told from the
 * certificate alone, so each signer signs one image, and a workflow the rest.
 */
export const ways: Way[] = [
  ...signatures('registry', 'rekor', [
    workflow,
    'GitLab pipeline',
    'person',
    'cloud service account',
    'Kubernetes service account',
    'SPIFFE workload',
    'username',
    'key',
  ]),
  ...signatures('registry', 'rekorV1', [workflow, 'key']),
  ...signatures('registry', undefined, [workflow]),
  ...signatures('distribution', 'rekor', [workflow, 'key']),
  ...signatures('distribution', 'rekorV1', [workflow]),

  ...legacySignatures('registry', 'rekorV1', [
    workflow,
    'GitLab pipeline',
    'username',
    'key',
  ]),
  ...legacySignatures('registry', undefined, [workflow, 'key']),
  ...legacySignatures('distribution', 'rekorV1', [workflow]),
  ...legacySignatures('distribution', undefined, [workflow]),
  way('signature', 'legacy', 'log', 'rekorV1', workflow),
  way('signature', 'referrers', 'registry', 'rekorV1', workflow),
  ...signatures('separate', 'rekor', [workflow]),
  ...legacySignatures('separate', 'rekorV1', [workflow]),
  {
    ...way('signature', 'bundle', 'registry', 'rekor', workflow),
    name: 'signature-bundle-besides-another',
    alsoBy: 'person',
  },
  {
    ...way('signature', 'legacy', 'registry', 'rekorV1', workflow),
    name: 'signature-legacy-besides-a-bundle',
    alsoBy: 'person',
  },
  {
    ...way('signature', 'bundle', 'registry', 'rekor', workflow),
    name: 'signature-bundle-of-an-index',
    isIndex: true,
  },
  {
    ...way('signature', 'legacy', 'distribution', 'rekorV1', workflow),
    name: 'signature-legacy-of-an-index',
    isIndex: true,
  },

  ...attestations('bundle', 'registry', 'rekor'),
  ...attestations('bundle', 'registry', 'rekorV1'),
  ...attestations('bundle', 'registry', undefined),
  ...attestations('bundle', 'distribution', 'rekor'),
  ...attestations('legacy', 'registry', 'rekorV1'),
  ...attestations('legacy', 'registry', undefined),
  ...attestations('legacy', 'distribution', 'rekorV1'),
  way('provenance', 'bundle', 'registry', 'rekor', 'key'),
  // Who signs is not whom the provenance names as the builder.
  way('provenance', 'bundle', 'registry', 'rekor', 'GitLab pipeline'),

  ...blobs('file', 'rekor', [workflow, 'key']),
  ...blobs('file', 'rekorV1', [workflow, 'key']),
  ...blobs('file', undefined, [workflow]),
  ...legacyBlobs('file', 'rekorV1', [workflow, 'key']),
  way('blob-provenance', 'bundle', 'file', 'rekor', workflow),
  way('blob-provenance', 'bundle', 's3', 'rekorV1', workflow),
  ...blobs('s3', 'rekor', [workflow, 'GitLab pipeline', 'key']),
  ...blobs('s3', 'rekorV1', [workflow]),
  ...blobs('s3', undefined, [workflow]),
  ...legacyBlobs('s3', 'rekorV1', [workflow]),
  ...blobs('log', 'rekorV1', [workflow, 'person', 'key']),
];

function signatures(place: Place, log: LogName | undefined, by: SignerName[]) {
  return by.map(one => way('signature', 'bundle', place, log, one));
}

function legacySignatures(
  place: Place,
  log: LogName | undefined,
  by: SignerName[],
) {
  return by.map(one => way('signature', 'legacy', place, log, one));
}

function attestations(
  format: Way['format'],
  place: Place,
  log: LogName | undefined,
) {
  return (['provenance', 'sbom'] as const).map(made =>
    way(made, format, place, log, workflow),
  );
}

function blobs(place: Place, log: LogName | undefined, by: SignerName[]) {
  return by.map(one => way('blob-signature', 'bundle', place, log, one));
}

function legacyBlobs(place: Place, log: LogName | undefined, by: SignerName[]) {
  return by.map(one => way('blob-signature', 'legacy', place, log, one));
}

function way(
  made: Way['made'],
  format: Way['format'],
  place: Place,
  log: LogName | undefined,
  by: SignerName,
): Way {
  const logged = log === undefined ? 'unlogged' : log;
  const name = [made, format, place, logged, by]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return { name, made, format, place, log, by };
}
