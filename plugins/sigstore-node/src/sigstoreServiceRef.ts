import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { ClientSigstoreService } from './ClientSigstoreService';
import { SigstoreService } from './SigstoreService';

/**
 * Access to signature status for backend plugins and modules. The default
 * implementation asks the sigstore backend plugin over HTTP, with a token of
 * the calling plugin; replace it in tests and in unusual set-ups.
 *
 * @public
 */
export const sigstoreServiceRef = createServiceRef<SigstoreService>({
  id: 'sigstore-client',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        auth: coreServices.auth,
        discovery: coreServices.discovery,
      },
      factory: ({ auth, discovery }) =>
        ClientSigstoreService.create({ auth, discovery }),
    }),
});
