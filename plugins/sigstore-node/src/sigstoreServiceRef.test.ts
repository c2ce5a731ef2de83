import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { endpoints } from '@cloudythings/backstage-plugin-sigstore-common';
import Router from 'express-promise-router';
import { SigstoreService } from './SigstoreService';
import { sigstoreServiceRef } from './sigstoreServiceRef';

/** Stands where the sigstore backend stands, and tells who asked for what. */
function listeningPlugin(asked: unknown[]) {
  return createBackendPlugin({
    pluginId: 'sigstore',
    register(env) {
      env.registerInit({
        deps: {
          httpAuth: coreServices.httpAuth,
          httpRouter: coreServices.httpRouter,
        },
        async init({ httpAuth, httpRouter }) {
          const router = Router();
          router.get(endpoints.statusChanges.path, async (req, res) => {
            const { principal } = await httpAuth.credentials(req);
            asked.push({ principal, query: req.query });
            res.json({ items: [], cursor: '7', more: false });
          });
          router.post(endpoints.checkEntity.path, async (req, res) => {
            const { principal } = await httpAuth.credentials(req);
            asked.push({ principal, params: req.params });
            res.status(202).json({ references: 2 });
          });
          httpRouter.use(router);
        },
      });
    },
  });
}

describe('sigstoreServiceRef', () => {
  it('asks the sigstore backend on behalf of the given credentials', async () => {
    const asked: unknown[] = [];
    let sigstore!: SigstoreService;
    await startTestBackend({
      features: [
        listeningPlugin(asked),
        createBackendPlugin({
          pluginId: 'asker',
          register(env) {
            env.registerInit({
              deps: { service: sigstoreServiceRef },
              async init({ service }) {
                sigstore = service;
              },
            });
          },
        }),
      ],
    });

    const references = await sigstore.checkEntity('component:default/a', {
      credentials: mockCredentials.user('user:default/jane'),
    });
    const changes = await sigstore.getStatusChanges(
      { cursor: '7' },
      { credentials: mockCredentials.service('plugin:asker') },
    );

    expect(references).toBe(2);
    expect(changes).toEqual({ items: [], cursor: '7', more: false });
    expect(asked).toEqual([
      {
        principal: expect.objectContaining({
          type: 'user',
          userEntityRef: 'user:default/jane',
        }),
        params: { kind: 'component', namespace: 'default', name: 'a' },
      },
      {
        principal: expect.objectContaining({ type: 'service' }),
        query: { cursor: '7' },
      },
    ]);
  });
});
