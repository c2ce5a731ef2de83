import { createBackendPlugin } from '@backstage/backend-plugin-api';

/**
 * The sigstore backend plugin.
 *
 * @public
 */
export const sigstorePlugin = createBackendPlugin({
  pluginId: 'sigstore',
  register(env) {
    env.registerInit({ deps: {}, async init() {} });
  },
});
