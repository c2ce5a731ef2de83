import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import kubernetesPlugin from '@backstage/plugin-kubernetes-backend';
import {
  RunningArtifactsSource,
  sigstoreRunningArtifactsExtensionPoint,
} from '@cloudythings/backstage-plugin-sigstore-node';
import { ApiServer, podOf } from './__testUtils__/ApiServer';
import sigstoreModuleKubernetes from './index';

// Loading a client of Kubernetes takes a while on a busy machine.
jest.setTimeout(60_000);

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;

const entity = (annotations: Record<string, string>): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'a', annotations },
});

describe('the module, on the real Kubernetes plugin', () => {
  const clusters = { eu: new ApiServer(), us: new ApiServer() };
  const laptop = new ApiServer('');
  let source: RunningArtifactsSource;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    await Promise.all(Object.values(clusters).map(api => api.start()));
    await laptop.start();
    const { server } = await startTestBackend({
      features: [
        kubernetesPlugin,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.rootConfig.factory({
          data: {
            kubernetes: {
              serviceLocatorMethod: { type: 'multiTenant' },
              clusterLocatorMethods: [
                {
                  type: 'config',
                  clusters: [
                    ...Object.entries(clusters).map(
                      ([name, { url, token }]) => ({
                        ...{ name, url, authProvider: 'serviceAccount' },
                        ...{ serviceAccountToken: token },
                      }),
                    ),
                    {
                      ...{ name: 'laptop', url: laptop.url },
                      authProvider: 'localKubectlProxy',
                    },
                    {
                      ...{ name: 'lab', url: 'http://127.0.0.1:1' },
                      ...{ authProvider: 'serviceAccount' },
                      serviceAccountToken: 'none',
                    },
                  ],
                },
              ],
            },
            sigstore: { discover: { kubernetes: { skipClusters: ['lab'] } } },
          },
        }),
        // Stands where the sigstore backend stands.
        createBackendPlugin({
          pluginId: 'sigstore',
          register(env) {
            env.registerExtensionPoint(sigstoreRunningArtifactsExtensionPoint, {
              addSource: added => {
                source = added;
              },
            });
            env.registerInit({ deps: {}, async init() {} });
          },
        }),
        sigstoreModuleKubernetes,
      ],
    });
    stop = async () => {
      await new Promise(resolve => {
        server.close(resolve);
      });
    };
  });

  beforeEach(() => Object.values(clusters).forEach(api => api.reset()));

  afterAll(async () => {
    await stop();
    await Promise.all(
      [...Object.values(clusters), laptop].map(api => api.stop()),
    );
  });

  const observe = async (...annotated: Record<string, string>[]) => {
    const questions = annotated.flatMap(annotations =>
      source.questions(entity(annotations)),
    );
    const { signal } = new AbortController();
    const answers = await source.observe(questions, { signal });
    return questions.map(question =>
      Object.fromEntries(
        answers
          .filter(answer => answer.question === question)
          .map(({ place, outcome, cause, artifacts }) => [
            place,
            outcome === 'complete'
              ? artifacts.map(({ reference }) => reference)
              : `${outcome}: ${cause}`,
          ]),
      ),
    );
  };
  const id = (value: string) => ({ 'backstage.io/kubernetes-id': value });

  it('names what runs by ID in every cluster, with one question to each', async () => {
    const shop = { 'backstage.io/kubernetes-id': 'shop' };
    clusters.eu.pods = [
      podOf('shop-1', shop, 'ghcr.io/acme/shop:1', `ghcr.io/acme/shop@${A}`),
      podOf('shop-2', shop, 'ghcr.io/acme/shop:1', `ghcr.io/acme/shop@${B}`),
      podOf('other', {}, 'ghcr.io/acme/other:1', `ghcr.io/acme/other@${A}`),
    ];
    expect(await observe(id('shop'), id('pay'))).toEqual([
      {
        'cluster eu': [`ghcr.io/acme/shop:1@${A}`, `ghcr.io/acme/shop:1@${B}`],
        ...{ 'cluster us': [], 'cluster laptop': [], 'cluster lab': [] },
      },
      {
        ...{ 'cluster eu': [], 'cluster us': [] },
        ...{ 'cluster laptop': [], 'cluster lab': [] },
      },
    ]);
    expect(clusters.eu.requests).toEqual([
      '/api/v1/pods?labelSelector=backstage.io%2Fkubernetes-id&limit=500',
    ]);
  });

  it('follows pages, namespaces, selectors and clusters', async () => {
    clusters.eu.pageSize = 1;
    clusters.eu.pods = ['1', '2', '3'].map(n =>
      podOf(
        `shop-${n}`,
        { app: 'shop' },
        `ghcr.io/acme/shop:${n}`,
        `ghcr.io/acme/shop@${A}`,
      ),
    );
    const selected = await observe({
      'backstage.io/kubernetes-label-selector': 'app=shop',
      'backstage.io/kubernetes-namespace': 'shop',
      'backstage.io/kubernetes-cluster': 'eu',
    });
    expect(selected).toEqual([
      {
        'cluster eu': ['1', '2', '3'].map(n => `ghcr.io/acme/shop:${n}@${A}`),
      },
    ]);
    expect(clusters.eu.requests[2]).toBe(
      '/api/v1/namespaces/shop/pods?labelSelector=app%3Dshop&limit=500&continue=2',
    );
    expect(clusters.us.requests).toEqual([]);
  });

  it('hands its own token to no cluster', async () => {
    await observe(id('shop'));
    expect(laptop.authorizations.filter(Boolean)).toEqual([]);
    expect(new Set(clusters.eu.authorizations)).toEqual(
      new Set([`Bearer ${clusters.eu.token}`]),
    );
  });

  it('asks for each ID where all together are too many pods', async () => {
    const labels = (value: string) => ({ 'backstage.io/kubernetes-id': value });
    const run = (name: string, value: string) =>
      podOf(name, labels(value), 'ghcr.io/acme/a:1', `ghcr.io/acme/a@${A}`);
    clusters.eu.pods = [
      ...Array.from({ length: 20_001 }, (_, n) => run(`many-${n}`, 'many')),
      run('few', 'few'),
    ];
    const [few, many] = await observe(id('few'), id('many'));
    expect(few['cluster eu']).toEqual([`ghcr.io/acme/a:1@${A}`]);
    expect(many['cluster eu']).toMatch(/^over-cap: there are more than 20000/);
  });

  it('says what each cluster that gives no answer answered', async () => {
    clusters.eu.failure = { status: 403, message: 'pods is forbidden' };
    clusters.us.failure = { status: 200, text: '<html>' };
    const [seen] = await observe(id('shop'));
    expect(seen).toEqual({
      'cluster eu': 'refused: it answered 403: pods is forbidden',
      'cluster us': 'unreachable: it did not answer as Kubernetes does',
      'cluster laptop': [],
      'cluster lab': [],
    });
    await clusters.us.stop();
    const [again] = await observe(id('shop'));
    expect(again['cluster us']).toMatch(/^unreachable: it answered 500/);
    await clusters.us.start();
  });

  it.each([
    [{ ...id('a,b=c') }, 'cannot be the value of a label'],
    [
      { 'backstage.io/kubernetes-label-selector': '!nothing' },
      'names no value of a label',
    ],
    [
      { ...id('shop'), 'backstage.io/kubernetes-namespace': '../../secrets' },
      'cannot be the name of a namespace',
    ],
    [
      { ...id('shop'), 'backstage.io/kubernetes-cluster': 'moon' },
      'has no cluster of that name',
    ],
  ])('asks no cluster %j', async (annotations, cause) => {
    const [seen] = await observe(annotations);
    expect(Object.values(seen).filter(answer => answer.length > 0)).toEqual(
      expect.arrayContaining([expect.stringContaining(cause)]),
    );
    expect(clusters.eu.requests).toEqual([]);
  });
});
