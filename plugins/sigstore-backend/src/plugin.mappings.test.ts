import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { entityReportSchema } from '@cloudythings/backstage-plugin-sigstore-common';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Server, createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { databaseIds, openEmptyDatabase } from './__testUtils__/databases';
import {
  TestServer,
  asService,
  untilChecked,
} from './__testUtils__/startPlugin';
import { sigstorePlugin } from './plugin';

jest.setTimeout(120_000);

const FIXTURES = join(
  __dirname,
  'discover/mappings/__fixtures__/existing-annotations.yaml',
);
const entities = parseAllDocuments(readFileSync(FIXTURES, 'utf8')).map(
  document => document.toJS() as Entity,
);

const HOSTS = [
  'quay.io',
  'quay.acme.example',
  'harbor.acme.example',
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  'acme.jfrog.example',
  'nexus.acme.example:5000',
  'ghcr.io',
  'modules.acme.example',
];

const mappings = {
  quay: {
    instances: [
      { name: 'production', host: 'quay.io' },
      { name: 'staging', host: 'quay.acme.example' },
    ],
  },
  harbor: { host: 'harbor.acme.example' },
  ecr: { enabled: true },
  jfrog: { host: 'acme.jfrog.example', repository: 'docker-local' },
  nexus: { host: 'nexus.acme.example:5000' },
  ghcr: { filter: { 'spec.type': 'service' } },
  terasky: { enabled: true },
};

const conventions = [
  {
    kind: 'policy-bundle',
    reference:
      'oci://modules.acme.example/policies/{{ metadata.name }}:~newest',
  },
];

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

const policy = (name: string, reference: string) => `
apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata: { name: ${name} }
spec:
  mode: warn
  artifacts: [{ kind: image, reference: '${reference}' }]
  authorities:
    - name: a
      keyless:
        trustedRoot: public-good
        identities: [{ issuer: https://issuer.example, subject: a@acme.example }]
`;
const POLICIES = [
  policy('releases-of-one', 'quay.io/acme/checkout:v1.*'),
  policy('releases-of-two', 'quay.io/acme/checkout:v2.*'),
].join('---\n');

/** Every registry at once: each repository has the same tags, and no signature. */
function registry(): Server {
  return createServer(({ url = '' }, response) => {
    const [, what = ''] = /^\/v2\/.+?\/(tags|manifests)\//.exec(url) ?? [];
    if (what === 'tags') {
      const tags = ['1.4.1', 'v1.4.2', '2.0.0-rc.1', 'latest', 'main'];
      response.end(JSON.stringify({ tags }));
    } else if (/\/manifests\/(?:v?\d|sha256:)/.test(url)) {
      const config = {
        ...{ mediaType: 'application/vnd.oci.empty.v1+json', size: 2 },
        digest: `sha256:${'a'.repeat(64)}`,
      };
      const layers: unknown[] = [];
      response.writeHead(200, { 'content-type': MANIFEST });
      response.end(
        JSON.stringify({
          ...{ schemaVersion: 2, mediaType: MANIFEST, config, layers },
          annotations: { asked: url.replace(/.*\/v2\//, '') },
        }),
      );
    } else {
      response.writeHead(404).end();
    }
  });
}

const describeEach = describe.each(databaseIds);

describeEach('annotations that people already have, on %s', id => {
  const server = registry();
  let backend: TestServer;

  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policies-'));
    await writeFile(join(folder, 'policies.yaml'), POLICIES);
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const endpoint = `http://127.0.0.1:${
      (server.address() as AddressInfo).port
    }`;
    const hosts = HOSTS.map(host => ({
      ...{ host, endpoint, allowPrivateAddress: true },
    }));
    const trustedRoots = [{ name: 'public-good', builtIn: 'public-good' }];
    const policies = { files: [folder] };
    const sigstore = {
      ...{ trustedRoots, hosts, policies },
      discover: { mappings, conventions },
    };
    const started = await startTestBackend({
      features: [
        sigstorePlugin,
        catalogServiceMock.factory({ entities }),
        mockServices.rootConfig.factory({ data: { sigstore } }),
        mockServices.database.factory({ knex: await openEmptyDatabase(id) }),
      ],
    });
    backend = started.server;
    await untilChecked(backend);
  });

  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  const rowsOf = async (name: string) => {
    const entity = entities.find(({ metadata }) => metadata.name === name)!;
    expect(Object.keys(entity.metadata.annotations ?? {})).not.toContainEqual(
      expect.stringContaining('sigstore'),
    );
    const path = stringifyEntityRef(entity).replace(':', '/');
    const { body } = await asService(backend, `/entities/${path}`);
    return entityReportSchema
      .parse(body)
      .artifacts.map(({ kind, reference, declaredBy, newestTag, ...row }) => [
        kind,
        reference,
        declaredBy,
        newestTag,
        row.running,
        row.status,
      ])
      .sort();
  };

  /** Unsigned, and known to be: everything about it could be read. */
  const found = (
    kind: string,
    reference: string,
    declaredBy: string,
    newestTag?: string,
  ) => [kind, reference, declaredBy, newestTag, false, 'no-signature'];
  const unread = (kind: string, reference: string, declaredBy: string) => [
    kind,
    reference,
    declaredBy,
    undefined,
    false,
    'unsupported-format',
  ];

  it('know the newest release by its tag when policies are applied', async () => {
    const { body } = await asService(
      backend,
      '/entities/component/default/quay',
    );
    const [{ policies }] = entityReportSchema.parse(body).artifacts;
    expect(policies).toEqual(['releases-of-one']);
  });

  it.each([
    [
      'quay',
      [
        found(
          'image',
          'quay.io/acme/checkout:~newest',
          'quay.io/repository-slug',
          'v1.4.2',
        ),
      ],
    ],
    [
      'quay-instance',
      [
        found(
          'image',
          'quay.acme.example/acme/checkout:~newest',
          'quay.io/repository-slug',
          'v1.4.2',
        ),
        found(
          'image',
          'quay.acme.example/acme/worker:~newest',
          'quay.io/repository-slug',
          'v1.4.2',
        ),
      ],
    ],
    [
      'harbor',
      [
        found(
          'image',
          'harbor.acme.example/project/repository:~newest',
          'goharbor.io/repository-slug',
          'v1.4.2',
        ),
      ],
    ],
    [
      'ecr',
      [
        found(
          'image',
          '123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/ledger:~newest',
          'aws.amazon.com/amazon-ecr-arn',
          'v1.4.2',
        ),
      ],
    ],
    [
      'ecr-tags',
      [unread('image', 'component=myapp', 'aws.amazon.com/amazon-ecr-tags')],
    ],
    [
      'jfrog',
      [
        found(
          'image',
          'acme.jfrog.example/docker-local/checkout:~newest',
          'jfrog-artifactory/image-name',
          'v1.4.2',
        ),
      ],
    ],
    [
      'nexus',
      [
        found(
          'image',
          'nexus.acme.example:5000/acme/reports:~newest',
          'nexus-repository-manager/docker.image-name',
          'v1.4.2',
        ),
      ],
    ],
    [
      'nexus-tag',
      [
        found(
          'image',
          'nexus.acme.example:5000/acme/reports:1.4.1',
          'nexus-repository-manager/docker.image-name',
        ),
      ],
    ],
    [
      'ghcr',
      [
        found(
          'image',
          'ghcr.io/acme/checkout:~newest',
          'github.com/project-slug',
          'v1.4.2',
        ),
      ],
    ],
    ['ghcr-library', []],
    [
      'terasky',
      [
        found(
          'terraform-module',
          'modules.acme.example/network:1.4.1',
          'terasky.backstage.io/terraform-module-url',
        ),
      ],
    ],
    [
      'terasky-git',
      [
        unread(
          'terraform-module',
          'https://github.com/org/module',
          'terasky.backstage.io/terraform-module-url',
        ),
      ],
    ],
    [
      'admission-baseline',
      [
        found(
          'policy-bundle',
          'modules.acme.example/policies/admission-baseline:~newest',
          'spec.type policy-bundle',
          'v1.4.2',
        ),
      ],
    ],
  ])('of %s', async (name, rows) => {
    expect(await rowsOf(name)).toEqual(rows);
  });
});
