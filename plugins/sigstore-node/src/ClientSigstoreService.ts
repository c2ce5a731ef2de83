import { AuthService, DiscoveryService } from '@backstage/backend-plugin-api';
import { CompoundEntityRef } from '@backstage/catalog-model';
import {
  PolicyPreviewFile,
  SigstoreClient,
  SigstoreRequestOptions,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  SigstoreService,
  SigstoreServiceRequestOptions,
} from './SigstoreService';

/** The service over HTTP: turns credentials into a token for each request. */
export class ClientSigstoreService implements SigstoreService {
  readonly #auth: AuthService;
  readonly #client: SigstoreClient;

  static create(options: {
    auth: AuthService;
    discovery: DiscoveryService;
  }): SigstoreService {
    return new ClientSigstoreService(options.auth, options.discovery);
  }

  private constructor(auth: AuthService, discovery: DiscoveryService) {
    this.#auth = auth;
    this.#client = new SigstoreClient({
      discoveryApi: discovery,
      fetchApi: { fetch },
    });
  }

  async getEntityReport(
    entityRef: string | CompoundEntityRef,
    options: SigstoreServiceRequestOptions,
  ) {
    return this.#client.getEntityReport(entityRef, await this.#with(options));
  }

  async getEntityStatuses(
    entityRefs: string[],
    options: SigstoreServiceRequestOptions,
  ) {
    return this.#client.getEntityStatuses(
      entityRefs,
      await this.#with(options),
    );
  }

  async getArtifactByDigest(
    digest: string,
    options: SigstoreServiceRequestOptions,
  ) {
    return this.#client.getArtifactByDigest(digest, await this.#with(options));
  }

  async checkEntity(
    entityRef: string | CompoundEntityRef,
    options: SigstoreServiceRequestOptions,
  ) {
    return this.#client.checkEntity(entityRef, await this.#with(options));
  }

  async getStatusChanges(
    query: { cursor?: string; limit?: number },
    options: SigstoreServiceRequestOptions,
  ) {
    return this.#client.getStatusChanges(query, await this.#with(options));
  }

  async previewPolicies(
    files: PolicyPreviewFile[],
    options: SigstoreServiceRequestOptions,
  ) {
    return this.#client.previewPolicies(files, await this.#with(options));
  }

  async #with(
    options: SigstoreServiceRequestOptions,
  ): Promise<SigstoreRequestOptions> {
    const { token } = await this.#auth.getPluginRequestToken({
      onBehalfOf: options.credentials,
      targetPluginId: 'sigstore',
    });
    return { token, signal: options.signal };
  }
}
