import type { CompoundEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import { z } from 'zod/v4';
import { PolicyPreviewFile, endpoints } from './endpoints';
import {
  ArtifactDetail,
  EntityReport,
  EntityStatusSummary,
  EvidenceReport,
  FlowProgress,
  LogEntryRecord,
  PolicyPreview,
  SignerSummary,
} from './model';

/**
 * What the client needs of its surroundings; Backstage's discovery and fetch
 * APIs of browser and backend both fit.
 *
 * @public
 */
export type SigstoreClientOptions = {
  discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
  fetchApi: { fetch: typeof fetch };
};

/** @public */
export type SigstoreRequestOptions = { token?: string; signal?: AbortSignal };

/**
 * Client of the backend plugin. Every answer is checked against its schema.
 * Throws `ResponseError` when the backend answers with an error, and whatever
 * the fetch API throws when it does not answer.
 *
 * @public
 */
export class SigstoreClient {
  readonly #options: SigstoreClientOptions;

  constructor(options: SigstoreClientOptions) {
    this.#options = options;
  }

  /** Status of one entity with a row per artifact. */
  getEntityReport(
    entityRef: string | CompoundEntityRef,
    options?: SigstoreRequestOptions,
  ): Promise<EntityReport> {
    const { path, response } = endpoints.entityReport;
    return this.#get(fill(path, refParams(entityRef)), response, options);
  }

  /** Statuses of many entities; those the caller may not see are left out. */
  async getEntityStatuses(
    entityRefs: string[],
    options?: SigstoreRequestOptions,
  ): Promise<EntityStatusSummary[]> {
    const { path, response } = endpoints.entityStatuses;
    const result = await this.#post(path, response, { entityRefs }, options);
    return result.items;
  }

  /** Asks for a check now; returns how many references became due. */
  async checkEntity(
    entityRef: string | CompoundEntityRef,
    options?: SigstoreRequestOptions,
  ): Promise<number> {
    const { path, response } = endpoints.checkEntity;
    const url = fill(path, refParams(entityRef));
    return (await this.#post(url, response, undefined, options)).references;
  }

  /** Everything about one artifact of an entity. */
  getArtifactDetail(
    entityRef: string | CompoundEntityRef,
    artifactId: string,
    options?: SigstoreRequestOptions,
  ): Promise<ArtifactDetail> {
    const { path, response } = endpoints.artifactDetail;
    const params = { ...refParams(entityRef), artifactId };
    return this.#get(fill(path, params), response, options);
  }

  /** Statuses of an artifact wherever it is used. */
  getArtifactByDigest(
    digest: string,
    options?: SigstoreRequestOptions,
  ): Promise<z.infer<typeof endpoints.artifactByDigest.response>> {
    const { path, response } = endpoints.artifactByDigest;
    return this.#get(fill(path, { digest }), response, options);
  }

  /** One piece of evidence. */
  getEvidence(
    digest: string,
    options?: SigstoreRequestOptions,
  ): Promise<EvidenceReport> {
    const { path, response } = endpoints.evidence;
    return this.#get(fill(path, { digest }), response, options);
  }

  /** The bundle as it was found. */
  async getEvidenceBundle(
    digest: string,
    options?: SigstoreRequestOptions,
  ): Promise<Blob> {
    const path = fill(endpoints.evidenceBundle.path, { digest });
    return (await this.#fetch(path, {}, options)).blob();
  }

  /** Signers of everything verified, narrowed by identity or issuer. */
  async getSigners(
    query: { identity?: string; issuer?: string; limit?: number } = {},
    options?: SigstoreRequestOptions,
  ): Promise<SignerSummary[]> {
    const { path, response } = endpoints.signers;
    const result = await this.#get(path + search(query), response, options);
    return result.items;
  }

  /** One signer and what it signed. */
  getSigner(
    id: string,
    options?: SigstoreRequestOptions,
  ): Promise<z.infer<typeof endpoints.signer.response>> {
    const { path, response } = endpoints.signer;
    return this.#get(fill(path, { id }), response, options);
  }

  /** Log entries by digest of the artifact or identity of the signer. */
  async getLogEntries(
    query: { digest?: string; identity?: string; limit?: number },
    options?: SigstoreRequestOptions,
  ): Promise<LogEntryRecord[]> {
    const { path, response } = endpoints.logEntries;
    const result = await this.#get(path + search(query), response, options);
    return result.items;
  }

  /** Statuses changed since a cursor, for the catalog module. */
  getStatusChanges(
    query: { cursor?: string; limit?: number } = {},
    options?: SigstoreRequestOptions,
  ): Promise<z.infer<typeof endpoints.statusChanges.response>> {
    const { path, response } = endpoints.statusChanges;
    return this.#get(path + search(query), response, options);
  }

  /** What policies would change if they were in force; nothing is stored. */
  previewPolicies(
    files: PolicyPreviewFile[],
    options?: SigstoreRequestOptions,
  ): Promise<PolicyPreview> {
    const { path, response } = endpoints.policyPreview;
    return this.#post(path, response, { files }, options);
  }

  /** How far the background work is. */
  getFlowProgress(options?: SigstoreRequestOptions): Promise<FlowProgress> {
    const { path, response } = endpoints.flow;
    return this.#get(path, response, options);
  }

  async #get<T extends z.ZodType>(
    path: string,
    schema: T,
    options?: SigstoreRequestOptions,
  ): Promise<z.infer<T>> {
    const response = await this.#fetch(path, {}, options);
    return schema.parse(await response.json());
  }

  async #post<T extends z.ZodType>(
    path: string,
    schema: T,
    body: unknown,
    options?: SigstoreRequestOptions,
  ): Promise<z.infer<T>> {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body ?? {}),
    };
    const response = await this.#fetch(path, init, options);
    return schema.parse(await response.json());
  }

  async #fetch(
    path: string,
    init: RequestInit,
    options?: SigstoreRequestOptions,
  ): Promise<Response> {
    const { discoveryApi, fetchApi } = this.#options;
    const base = await discoveryApi.getBaseUrl('sigstore');
    const headers = new Headers(init.headers);
    if (options?.token) headers.set('authorization', `Bearer ${options.token}`);
    const response = await fetchApi.fetch(base + path, {
      ...init,
      headers,
      signal: options?.signal,
    });
    if (!response.ok) throw await ResponseError.fromResponse(response);
    return response;
  }
}

const ENTITY_REF = /^([^:/]+):(?:([^/]+)\/)?([^/]+)$/;

/**
 * As the catalog's model does, which would take a fifth of the time in which a
 * command line starts.
 */
function parseEntityRef(text: string): CompoundEntityRef {
  const [, kind, namespace = 'default', name] = ENTITY_REF.exec(text) ?? [];
  if (name !== undefined) return { kind, namespace, name };
  throw new TypeError(
    `Entity reference "${text}" is not of the form kind:namespace/name`,
  );
}

function refParams(entityRef: string | CompoundEntityRef) {
  const { kind, namespace, name } =
    typeof entityRef === 'string' ? parseEntityRef(entityRef) : entityRef;
  return {
    kind: kind.toLocaleLowerCase('en-US'),
    namespace: namespace.toLocaleLowerCase('en-US'),
    name: name.toLocaleLowerCase('en-US'),
  };
}

function fill(path: string, params: Record<string, string>): string {
  return path.replace(/:([A-Za-z]+)/g, (_, name: string) =>
    encodeURIComponent(params[name]),
  );
}

function search(query: Record<string, string | number | undefined>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}
