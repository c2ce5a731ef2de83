import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { ArtifactDetail } from '@cloudythings/backstage-plugin-sigstore-common';
import { createHash } from 'node:crypto';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { asService, untilChecked } from './__testUtils__/startPlugin';
import { sigstorePlugin } from './plugin';

jest.setTimeout(60_000);

const PLAN = '{"secret":"of the plan"}';
const REFERENCE = 's3://acme-plans/prod/checkout/plan.json';
const PATH = '/acme-plans/prod/checkout/plan.json';
const RETENTION =
  '<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2027-01-31T00:00:00Z</RetainUntilDate></Retention>';

const component = (name: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    namespace: 'default',
    annotations: { 'sigstore.dev/terraform-plans': REFERENCE },
  },
  spec: {
    type: 'service',
    owner: 'group:default/team',
    lifecycle: 'production',
  },
});

/** Speaks as much of S3 as a reader needs, to those who sign their requests. */
function privateStore(requests: string[]): Server {
  const error = (code: string) => `<Error><Code>${code}</Code></Error>`;
  return createServer(({ url = '', headers: { authorization } }, response) => {
    requests.push(`${authorization ? 'signed' : 'anonymous'} ${url}`);
    const answer = (status: number, body: string, headers = {}) =>
      response.writeHead(status, headers).end(body);
    if (!authorization) return answer(403, error('AccessDenied'));
    if (url === `${PATH}?x-id=GetObject`) {
      return answer(200, PLAN, { 'x-amz-version-id': 'v1' });
    }
    if (url === `${PATH}?retention=&versionId=v1`)
      return answer(200, RETENTION);
    return url.includes('?x-id=GetObject')
      ? answer(404, error('NoSuchKey'))
      : answer(403, error('AccessDenied'));
  });
}

describe('objects in a private bucket', () => {
  const requests: string[] = [];
  const store = privateStore(requests);
  let details: Record<string, ArtifactDetail>;

  beforeAll(async () => {
    await new Promise<void>(resolve => {
      store.listen(0, '127.0.0.1', resolve);
    });
    const { port } = store.address() as AddressInfo;
    const { server } = await startTestBackend({
      features: [
        sigstorePlugin,
        catalogServiceMock.factory({
          entities: [component('checkout'), component('intruder')],
        }),
        mockServices.rootConfig.factory({
          data: {
            sigstore: {
              trustedRoots: [{ name: 'public-good', builtIn: 'public-good' }],
              sources: {
                s3: [
                  {
                    bucket: 'acme-plans',
                    prefix: 'prod/',
                    region: 'eu-central-1',
                    endpoint: `http://127.0.0.1:${port}`,
                    forcePathStyle: true,
                    allowPrivateAddress: true,
                    credentials: {
                      name: 'plans',
                      accessKeyId: 'AKIAEXAMPLE',
                      secretAccessKey: 'very-secret',
                      for: [
                        {
                          entity: 'component:default/checkout',
                          references: ['s3://acme-plans/prod/checkout/**'],
                        },
                      ],
                    },
                  },
                ],
              },
            },
          },
        }),
      ],
    });
    await untilChecked(server);
    const read = async (name: string): Promise<ArtifactDetail> => {
      const path = `/entities/component/default/${name}`;
      const { body } = await asService(server, path);
      const id = body.artifacts[0].id;
      return (await asService(server, `${path}/artifacts/${id}`)).body;
    };
    details = {
      checkout: await read('checkout'),
      intruder: await read('intruder'),
    };
    await server.stop();
  });

  afterAll(() => {
    store.close();
  });

  it('are checked for the entity that an administrator names', () => {
    const digest = createHash('sha256').update(PLAN).digest('hex');
    expect(details.checkout).toMatchObject({
      digest: `sha256:${digest}`,
      status: 'no-signature',
    });
  });

  it('are shown with how the store keeps them, as far as it tells', () => {
    expect(details.checkout.storage).toEqual({
      seenAt: expect.any(String),
      objects: [
        {
          role: 'artifact',
          name: REFERENCE,
          versionId: 'v1',
          versioning: 'unknown',
          retention: {
            state: 'set',
            mode: 'compliance',
            until: '2027-01-31T00:00:00.000Z',
          },
          legalHold: 'unknown',
        },
      ],
    });
  });

  it('stay closed to another entity that names the same object', () => {
    const { status, lookups, digest, storage } = details.intruder;
    expect({ status, digest, storage }).toEqual({ status: 'could-not-check' });
    expect(lookups).toEqual([
      expect.objectContaining({
        source: 's3://acme-plans artifact',
        outcome: 'refused',
        cause: expect.stringContaining('AccessDenied'),
      }),
    ]);
    const anonymous = requests.filter(one => one.startsWith('anonymous'));
    expect(anonymous).toEqual([`anonymous ${PATH}?x-id=GetObject`]);
  });

  it('never leave their content in what is given out', () => {
    expect(JSON.stringify(details)).not.toMatch(/of the plan|very-secret/);
  });
});
