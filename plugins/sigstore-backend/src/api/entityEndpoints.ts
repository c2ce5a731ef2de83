import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  endpoints,
  isSha256Digest,
  sigstoreCheckCreatePermission,
  sigstoreEvidenceReadPermission,
  sigstoreStatusReadPermission,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import {
  declarationsOfDigests,
  declarationsOfEntities,
} from '../store/declarations';
import { StoredEntity, readEntities } from '../store/entityStatuses';
import { markEntityDue } from '../store/references';
import { readArtifactDetail } from './artifactDetail';
import { readArtifactReports } from './artifactReports';
import { Authorizer } from './authorize';
import { CommandRoot } from './commands';
import { EndpointRegistrar } from './endpoint';
import {
  readEntityReport,
  reportUnknownEntity,
  summarizeEntity,
} from './entityReports';
import { Visibility } from './visibility';

/** What the endpoints about entities and their artifacts need. */
export type EntityEndpointPorts = {
  knex: Knex;
  catalog: CatalogService;
  authorizer: Authorizer;
  /** Trusted roots in use, for the commands that repeat a check. */
  roots: () => CommandRoot[];
  now: () => Date;
};

/** Adds the endpoints about entities and their artifacts. */
export function addEntityEndpoints(
  registrar: EndpointRegistrar,
  ports: EntityEndpointPorts,
): void {
  const { knex, authorizer, roots, now } = ports;
  const status = { permission: sigstoreStatusReadPermission };

  registrar.add(endpoints.entityReport, status, async call => {
    const { visibility, credentials } = call;
    const ref = entityRefOf(call.params);
    const entity = await findEntity(ports, ref, visibility, credentials);
    return entity
      ? readEntityReport(knex, entity, visibility)
      : reportUnknownEntity(ref);
  });

  registrar.add(endpoints.entityStatuses, status, async call => {
    const refs = call.body.entityRefs.map(normalizeRef);
    const visible = await call.visibility.filter(refs);
    const entities = await readEntities(knex, [...visible]);
    return {
      items: [...new Set(refs)].flatMap(ref => {
        const entity = entities.get(ref);
        return entity ? [summarizeEntity(entity)] : [];
      }),
    };
  });

  registrar.add(
    endpoints.checkEntity,
    { permission: sigstoreCheckCreatePermission },
    async call => {
      const { visibility, credentials, response } = call;
      const ref = entityRefOf(call.params);
      await findEntity(ports, ref, visibility, credentials);
      response.status(202);
      return { references: await markEntityDue(knex, ref, now()) };
    },
  );

  registrar.add(endpoints.artifactDetail, status, async call => {
    const { visibility, credentials } = call;
    const ref = entityRefOf(call.params);
    const entity = await findEntity(ports, ref, visibility, credentials);
    const declaration = (await declarationsOfEntities(knex, [ref])).find(
      ({ artifactId }) => artifactId === call.params.artifactId,
    );
    if (!entity || !declaration) {
      throw new NotFoundError(`${ref} declares no such artifact`);
    }
    const withEvidence = await authorizer.permits(
      credentials,
      sigstoreEvidenceReadPermission,
    );
    return readArtifactDetail(knex, entity, declaration, {
      withEvidence,
      roots: roots(),
    });
  });

  registrar.add(endpoints.artifactByDigest, status, async call => {
    const { digest } = call.params;
    const declarations = isSha256Digest(digest)
      ? await declarationsOfDigests(knex, [digest])
      : [];
    const visible = await call.visibility.filter(
      declarations.map(item => item.entityRef),
    );
    const shown = declarations.filter(item => visible.has(item.entityRef));
    if (shown.length === 0) {
      throw new NotFoundError(`No artifact with the digest ${digest} is known`);
    }
    // A reference that leads to it since a moment ago still has the verdict on
    // what it led to before.
    const reports = await readArtifactReports(knex, shown, true, digest);
    return { digest, reports };
  });
}

function entityRefOf(params: Record<string, string>): string {
  const { kind, namespace, name } = params;
  return stringifyEntityRef({ kind, namespace, name });
}

function normalizeRef(written: string): string {
  try {
    return stringifyEntityRef(parseEntityRef(written));
  } catch {
    throw new InputError(`"${written}" is not an entity reference`);
  }
}

// What the caller may not see and what does not exist end in the same error.
async function findEntity(
  ports: EntityEndpointPorts,
  ref: string,
  visibility: Visibility,
  credentials: BackstageCredentials,
): Promise<StoredEntity | undefined> {
  const visible = await visibility.filter([ref]);
  const entity = visible.has(ref)
    ? (await readEntities(ports.knex, [ref])).get(ref)
    : undefined;
  if (entity) return entity;
  const inCatalog =
    visible.has(ref) &&
    (await ports.catalog.getEntityByRef(ref, { credentials }));
  if (!inCatalog) throw new NotFoundError(`No entity ${ref} was found`);
  return undefined;
}
