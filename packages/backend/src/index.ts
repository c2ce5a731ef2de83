import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();

// Serves the built app, so that the demo needs one port only.
backend.add(import('@backstage/plugin-app-backend'));

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(
  import('@backstage/plugin-permission-backend-module-allow-all-policy'),
);

backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-user-settings-backend'));

backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));

backend.add(import('@backstage/plugin-search-backend'));
backend.add(import('@backstage/plugin-search-backend-module-catalog'));

backend.add(import('@cloudythings/backstage-plugin-sigstore-backend'));
backend.add(
  import('@cloudythings/backstage-plugin-catalog-backend-module-sigstore'),
);

// One that could not start must not linger: nothing would answer, and nobody
// would start it again.
backend.start().catch(error => {
  console.error(error);
  process.exit(1);
});
