import { ArtifactKind } from '@cloudythings/backstage-plugin-sigstore-common';
import { eachChunk, inChunks } from './chunks';
import { Database } from './database';
import { artifactId } from './identifiers';
import { StoredInstant, toInstant } from './instants';

/** Something seen running for an entity, at one place. */
export type Observation = {
  entityRef: string;
  observer: string;
  questionId: string;
  place: string;
  kind: ArtifactKind;
  reference: string;
  /** Why it is not known what runs. */
  problem?: string;
  workload?: string;
};

/** The same as stored. */
export type StoredObservation = Observation & {
  id: number;
  artifactId: string;
  firstSeenAt: string;
};

type Row = {
  id: number;
  entity_ref: string;
  observer: string;
  question_id: string;
  place: string;
  artifact_id: string;
  kind: ArtifactKind;
  reference: string;
  problem: string | null;
  workload: string | null;
  first_seen_at: StoredInstant;
};

const toObservation = (row: Row): StoredObservation => ({
  id: row.id,
  entityRef: row.entity_ref,
  observer: row.observer,
  questionId: row.question_id,
  place: row.place,
  artifactId: row.artifact_id,
  kind: row.kind,
  reference: row.reference,
  ...(row.problem ? { problem: row.problem } : {}),
  ...(row.workload ? { workload: row.workload } : {}),
  firstSeenAt: toInstant(row.first_seen_at),
});

/** SQLite takes no more rows in one statement. */
const ROWS = 250;

const current = (db: Database) =>
  db('running_observations').whereNull('gone_at').orderBy('id');

/** What one observer sees now. */
export async function observationsOfObserver(
  db: Database,
  observer: string,
): Promise<StoredObservation[]> {
  const rows: Row[] = await current(db).where({ observer });
  return rows.map(toObservation);
}

/** What is seen now for some entities, by whomever. */
export async function observationsOfEntities(
  db: Database,
  entityRefs: string[],
): Promise<StoredObservation[]> {
  const rows: Row[] = await inChunks(entityRefs, refs =>
    current(db).whereIn('entity_ref', refs),
  );
  return rows.map(toObservation);
}

/** What of an entity's observations begins, ends, or is described otherwise. */
export type ObservationChanges = {
  begun: Observation[];
  ended: { id: number; because: string }[];
  described: (Pick<Observation, 'workload' | 'problem'> & { id: number })[];
};

/** Writes changes of observations; the past stays readable. */
export async function writeObservations(
  tx: Database,
  changes: ObservationChanges,
  now: Date,
): Promise<void> {
  const reasons = new Set(changes.ended.map(({ because }) => because));
  for (const because of reasons) {
    const ids = changes.ended.filter(item => item.because === because);
    await eachChunk(
      ids.map(({ id }) => id),
      chunk =>
        tx('running_observations')
          .whereIn('id', chunk)
          .update({ gone_at: now, gone_because: because }),
    );
  }
  for (const { id, workload, problem } of changes.described) {
    await tx('running_observations')
      .where({ id })
      .update({ workload: workload ?? null, problem: problem ?? null });
  }
  await tx.batchInsert(
    'running_observations',
    changes.begun.map(item => ({
      entity_ref: item.entityRef,
      observer: item.observer,
      question_id: item.questionId,
      place: item.place,
      artifact_id: artifactId(item.entityRef, item.kind, item.reference),
      kind: item.kind,
      reference: item.reference,
      problem: item.problem ?? null,
      workload: item.workload ?? null,
      first_seen_at: now,
    })),
    ROWS,
  );
}

/** Ends everything that is seen for an entity. */
export async function endObservations(
  tx: Database,
  entityRef: string,
  because: string,
  now: Date,
): Promise<void> {
  await tx('running_observations')
    .where({ entity_ref: entityRef })
    .whereNull('gone_at')
    .update({ gone_at: now, gone_because: because });
}
