import type { HostBudget } from './HostRule';

/**
 * A public service that may be contacted without configuration.
 *
 * `tokenHosts` and `blobHosts` are where the service itself sends its clients:
 * they are reached only by way of it, never because a reference names them.
 */
export type WellKnownHost = {
  host: string | RegExp;
  endpoint?: string;
  tokenHosts?: string[];
  blobHosts?: (string | RegExp)[];
  /** Where the service limits everybody more than our defaults do. */
  budget?: HostBudget;
};

const GOOGLE_ARTIFACT_REGISTRY = /^[a-z0-9-]{1,40}-docker\.pkg\.dev$/;

// Several names of one registry. References are read with the last.
const DOCKER_HUB_NAMES = [
  'index.docker.io',
  'registry-1.docker.io',
  'docker.io',
];

/** The name under which a host is configured and known. */
export function hostName(host: string): string {
  return DOCKER_HUB_NAMES.includes(host) ? 'docker.io' : host;
}

const DOCKER_HUB = {
  // Anonymous pulls are counted by address, manifests by tag most of all.
  budget: { requestsAtATime: 4, requestsPerSecond: 5 },
  endpoint: 'https://registry-1.docker.io',
  tokenHosts: ['auth.docker.io'],
  // https://docs.docker.com/desktop/setup/allow-list/
  blobHosts: [
    'production.cloudflare.docker.com',
    'production.cloudfront.docker.com',
    'docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com',
  ],
};

/**
 * The public registries that most images come from, GitHub, and the mirror of
 * the public-good trusted root. Patterns appear only where one operator owns
 * every name they match.
 */
export const WELL_KNOWN_HOSTS: WellKnownHost[] = [
  { host: 'docker.io', ...DOCKER_HUB },
  { host: 'ghcr.io', blobHosts: ['pkg-containers.githubusercontent.com'] },
  {
    host: 'quay.io',
    // https://access.redhat.com/articles/7084334
    blobHosts: [/^cdn(0[1-6])?\.quay\.io$/],
  },
  // Both serve tokens and blobs themselves.
  { host: 'gcr.io' },
  { host: GOOGLE_ARTIFACT_REGISTRY },
  {
    host: 'registry.k8s.io',
    // Manifests are redirected to Google, blobs to the nearest Amazon region.
    blobHosts: [
      GOOGLE_ARTIFACT_REGISTRY,
      /^prod-registry-k8s-io-([a-z0-9-]+)\.s3\.dualstack\.\1\.amazonaws\.com$/,
    ],
  },
  {
    host: 'public.ecr.aws',
    blobHosts: [
      'd2glxqk2uabbnd.cloudfront.net',
      'd5l0dvt14r5h8.cloudfront.net',
    ],
  },
  {
    host: 'mcr.microsoft.com',
    blobHosts: [/^[a-z0-9-]+\.data\.mcr\.microsoft\.com$/],
  },
  {
    host: 'registry.gitlab.com',
    tokenHosts: ['gitlab.com'],
    blobHosts: ['cdn.registry.gitlab-static.net'],
  },
  {
    host: 'github.com',
    // Where release files lie.
    blobHosts: [
      'objects.githubusercontent.com',
      'release-assets.githubusercontent.com',
    ],
  },
  {
    host: 'api.github.com',
    // 900 points a minute, and nothing parallel is what GitHub asks for.
    budget: { requestsAtATime: 4, requestsPerSecond: 10 },
  },
  // Where GitHub keeps the bundles of its attestations.
  { host: 'tmaproduction.blob.core.windows.net' },
  { host: 'tuf-repo-cdn.sigstore.dev' },
];
