import {
  imageReference,
  isSha256Digest,
  parseReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { RunningArtifact } from '@cloudythings/backstage-plugin-sigstore-node';
import { Pod } from './pods';

const FINISHED = ['Succeeded', 'Failed'];

// What a CronJob adds to the names of its Jobs: the minute they are due.
const CRON_SUFFIX = /-[0-9]{8,}$/;

/**
 * The images that the containers of a pod run or ran: of all containers that were
 * started at least once, those of init and ephemeral containers among them.
 *
 * A pod that is finished runs nothing, but for that of a Job, which the cluster
 * keeps as its record.
 */
export function runningImages(pod: Pod): RunningArtifact[] {
  const { spec, status } = pod;
  const owner = ownerOf(pod);
  const isFinished = FINISHED.includes(status.phase ?? '');
  if (isFinished && owner?.kind !== 'Job') return [];
  const images = new Map(
    [
      ...(spec.initContainers ?? []),
      ...spec.containers,
      ...(spec.ephemeralContainers ?? []),
    ].map(({ name, image }) => [name, image]),
  );
  return [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ].flatMap(({ name, imageID }): RunningArtifact[] => {
    const image = images.get(name);
    // Without an ID the image was never pulled, and nothing ran.
    if (image === undefined || imageID === '') return [];
    return referencesOf(image, imageID).map(reference => ({
      ...{ kind: 'image', ...reference },
      workload: `${workloadOf(pod)}, container ${name}`,
    }));
  });
}

/** A part of what a running artifact is named by. */
type Named = Pick<RunningArtifact, 'reference' | 'problem'>;

/**
 * Names what runs by what was asked for and by the digest that the node reports.
 * Where both have a digest and these differ, both count: the node may report the
 * platform's part of an index, or still run what was asked for before.
 *
 * An ID without a repository is the digest of the image's configuration: of
 * another document than the manifest that registries and signatures name, and
 * never taken for it.
 */
function referencesOf(image: string, imageID: string): Named[] {
  const result = parseReference(imageReference(image));
  if (!result.ok || result.parsed.type !== 'oci') {
    const problem = result.ok ? 'it is no image' : result.problem;
    return [{ reference: `image ${image}`, problem }];
  }
  const { canonical, parsed } = result;
  const reported = digestOf(imageID);
  if (parsed.digest) {
    const [started] = canonical.split('@');
    return [
      { reference: canonical },
      ...(reported && reported !== parsed.digest
        ? [{ reference: `${started}@${reported}` }]
        : []),
    ];
  }
  if (reported) return [{ reference: `${canonical}@${reported}` }];
  return [
    {
      reference: `image ${canonical}`,
      problem:
        'the node names only the digest of its configuration, as of images that were loaded and not pulled, so it is not known which manifest runs',
    },
  ];
}

/** Of a manifest, as a node reports it: with the repository it came from. */
function digestOf(imageID: string): string | undefined {
  const [repository, digest] = imageID.replace(/^[a-z-]+:\/\//, '').split('@');
  return repository && digest && isSha256Digest(digest) ? digest : undefined;
}

function ownerOf({ metadata }: Pod) {
  return (metadata.ownerReferences ?? []).find(({ controller }) => controller);
}

/** In words that stay the same while pods come and go. */
function workloadOf(pod: Pod): string {
  const { name, namespace, labels } = pod.metadata;
  const place = `namespace ${namespace}`;
  const owner = ownerOf(pod);
  if (!owner) return `${place}, Pod ${name}`;
  const hash = labels?.['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash && owner.name.endsWith(`-${hash}`)) {
    return `${place}, Deployment ${owner.name.slice(0, -hash.length - 1)}`;
  }
  if (owner.kind === 'Job' && CRON_SUFFIX.test(owner.name)) {
    return `${place}, CronJob ${owner.name.replace(CRON_SUFFIX, '')}`;
  }
  return `${place}, ${owner.kind} ${owner.name}`;
}
