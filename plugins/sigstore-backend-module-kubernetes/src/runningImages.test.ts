import { Pod } from './pods';
import { runningImages } from './runningImages';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;

function pod(
  image: string,
  imageID: string,
  {
    phase = 'Running',
    ...metadata
  }: Partial<Pod['metadata']> & {
    phase?: string;
  } = {},
): Pod {
  return {
    metadata: { name: 'shop-0', namespace: 'shop', ...metadata },
    spec: { containers: [{ name: 'app', image }] },
    status: { phase, containerStatuses: [{ name: 'app', imageID }] },
  };
}

const controller = (kind: string, name: string) => ({
  ownerReferences: [{ kind, name, controller: true }],
});

describe('runningImages', () => {
  it.each([
    [
      'nginx:1.27',
      `docker.io/library/nginx@${A}`,
      `docker.io/library/nginx:1.27@${A}`,
    ],
    ['ghcr.io/acme/a:1', `ghcr.io/acme/a@${A}`, `ghcr.io/acme/a:1@${A}`],
    [
      'ghcr.io/acme/a',
      `docker-pullable://ghcr.io/acme/a@${A}`,
      `ghcr.io/acme/a:latest@${A}`,
    ],
    // Under the name that was asked for, whatever the node calls the same bytes.
    ['ghcr.io/acme/a:1', `mirror.acme.example/a@${A}`, `ghcr.io/acme/a:1@${A}`],
    [`ghcr.io/acme/a:1@${A}`, `ghcr.io/acme/a@${A}`, `ghcr.io/acme/a:1@${A}`],
    [`ghcr.io/acme/a@${A}`, A, `ghcr.io/acme/a@${A}`],
  ])('names %s, reported as %s', (image, imageID, reference) => {
    expect(runningImages(pod(image, imageID))).toEqual([
      {
        kind: 'image',
        reference,
        workload: 'namespace shop, Pod shop-0, container app',
      },
    ]);
  });

  it('names both where a node reports another digest than was asked for', () => {
    const asked = `ghcr.io/acme/a:1@${A}`;
    const images = runningImages(pod(asked, `mirror.acme.example/x@${B}`));
    expect(images.map(({ reference }) => reference)).toEqual([
      asked,
      `ghcr.io/acme/a:1@${B}`,
    ]);
  });

  it.each([
    ['containerd and CRI-O', A],
    ['Docker', `docker://${A}`],
    ['something unknown', 'ghcr.io/acme/a@sha512:aa'],
  ])(
    'takes no digest of a configuration for one of a manifest, from %s',
    (_, imageID) => {
      const [image] = runningImages(pod('ghcr.io/acme/a:1', imageID));
      expect(image.reference).toBe('image ghcr.io/acme/a:1');
      expect(image.problem).toMatch(/only the digest of its configuration/);
    },
  );

  it('names init and ephemeral containers, and none that never started', () => {
    const { metadata, status } = pod('', '');
    const images = runningImages({
      metadata,
      spec: {
        initContainers: [{ name: 'init', image: 'ghcr.io/acme/init:1' }],
        containers: [{ name: 'app', image: 'ghcr.io/acme/app:1' }],
        ephemeralContainers: [{ name: 'debug', image: 'busybox' }],
      },
      status: {
        ...status,
        phase: 'Pending',
        initContainerStatuses: [
          { name: 'init', imageID: `ghcr.io/acme/init@${A}` },
        ],
        containerStatuses: [{ name: 'app', imageID: '' }],
        ephemeralContainerStatuses: [
          { name: 'debug', imageID: `docker.io/library/busybox@${B}` },
        ],
      },
    });
    expect(images.map(({ reference }) => reference)).toEqual([
      `ghcr.io/acme/init:1@${A}`,
      `docker.io/library/busybox:latest@${B}`,
    ]);
  });

  it.each<
    [string, Partial<Pod['metadata']> & { phase?: string }, string | undefined]
  >([
    [
      'a Deployment',
      {
        ...controller('ReplicaSet', 'shop-5d4f'),
        labels: { 'pod-template-hash': '5d4f' },
      },
      'namespace shop, Deployment shop, container app',
    ],
    [
      'a StatefulSet',
      controller('StatefulSet', 'db'),
      'namespace shop, StatefulSet db, container app',
    ],
    [
      'a finished CronJob',
      { ...controller('Job', 'report-29384756'), phase: 'Succeeded' },
      'namespace shop, CronJob report, container app',
    ],
    ['a finished Pod', { phase: 'Failed' }, undefined],
    [
      'an evicted Pod',
      { ...controller('ReplicaSet', 'shop-5d4f'), phase: 'Failed' },
      undefined,
    ],
  ])('says what runs it: %s', (_, metadata, workload) => {
    const [image] = runningImages(
      pod('ghcr.io/acme/a:1', `ghcr.io/acme/a@${A}`, metadata),
    );
    expect(image?.workload).toBe(workload);
  });
});
