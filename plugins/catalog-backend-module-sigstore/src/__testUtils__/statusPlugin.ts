import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { endpoints } from '@cloudythings/backstage-plugin-sigstore-common';
import Router from 'express-promise-router';
import { StatusRows } from './StatusRows';

/** Answers `/api/sigstore/status-changes` from rows, to services only. */
export function statusPlugin(rows: StatusRows) {
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
          const { path, query } = endpoints.statusChanges;
          router.get(path, async (req, res) => {
            await httpAuth.credentials(req, { allow: ['service'] });
            res.json(rows.read(query.parse(req.query)));
          });
          httpRouter.use(router);
        },
      });
    },
  });
}
