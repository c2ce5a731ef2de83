import { createFrontendPlugin } from '@backstage/frontend-plugin-api';

/**
 * The sigstore plugin for apps on the new frontend system.
 *
 * @public
 */
export const sigstorePlugin = createFrontendPlugin({
  pluginId: 'sigstore',
  info: { packageJson: () => import('../package.json') },
  extensions: [],
});
