import {
  LogEntryRecord,
  SignedArtifact,
  SignerSummary,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Database } from '../store/database';
import { declarationsOfDigests } from '../store/declarations';
import {
  EntityFilter,
  declaringEntities,
  readLogEntries,
  readSignedBy,
  readSigners,
} from '../store/signerIndex';
import { newestGeneration } from '../store/trustGenerations';
import { Visibility } from './visibility';

const MOST_SIGNED = 500;

/** Entities whose evidence a caller may know of; absent: all. */
async function visibleEntities(
  db: Database,
  visibility: Visibility,
): Promise<EntityFilter> {
  if (visibility.seesAll) return undefined;
  return visibility.filter(await declaringEntities(db));
}

/** Signers of what the caller may see. */
export async function listSigners(
  db: Database,
  query: { identity?: string; issuer?: string; limit: number },
  visibility: Visibility,
): Promise<SignerSummary[]> {
  const scope = await newestGeneration(db);
  if (!scope) return [];
  const { limit, ...filter } = query;
  const entities = await visibleEntities(db, visibility);
  return readSigners(db, scope, filter, entities, limit);
}

/** One signer and what of the caller's view it signed; nothing if it signed none. */
export async function readSigner(
  db: Database,
  id: string,
  visibility: Visibility,
): Promise<(SignerSummary & { signed: SignedArtifact[] }) | undefined> {
  const scope = await newestGeneration(db);
  if (!scope) return undefined;
  const entities = await visibleEntities(db, visibility);
  const [signer] = await readSigners(db, scope, { id }, entities, 1);
  if (!signer) return undefined;
  const found = await readSignedBy(db, scope, id, entities, MOST_SIGNED);
  const declarations = await declarationsOfDigests(db, [
    ...new Set(found.map(({ verification }) => verification.artifactDigest)),
  ]);
  const visible = await visibility.filter(
    declarations.map(item => item.entityRef),
  );
  const signed = found.map(({ verification, signedAt }) => {
    const { artifactDigest, evidenceDigest, facts } = verification;
    const predicateType = facts?.content.predicateType;
    return {
      digest: artifactDigest,
      evidenceDigest,
      ...(predicateType ? { predicateType } : {}),
      ...(signedAt ? { signedAt } : {}),
      logEntries: facts?.logEntries ?? [],
      references: declarations
        .filter(
          item => item.digest === artifactDigest && visible.has(item.entityRef),
        )
        .map(({ entityRef, kind, reference, artifactId }) => ({
          entityRef,
          kind,
          reference,
          artifactId,
        })),
    };
  });
  return { ...signer, signed };
}

/** Log entries of what the caller may see. */
export async function listLogEntries(
  db: Database,
  query: { digest?: string; identity?: string; limit: number },
  visibility: Visibility,
): Promise<LogEntryRecord[]> {
  const scope = await newestGeneration(db);
  if (!scope) return [];
  const { limit, ...filter } = query;
  const entities = await visibleEntities(db, visibility);
  return readLogEntries(db, scope, filter, entities, limit);
}
