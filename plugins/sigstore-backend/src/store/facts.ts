import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { Database } from './database';
import { inOrder, signerId } from './identifiers';
import { judgingForm } from './judgingForm';
import { storable } from './storable';
import { ActiveTrust } from './trustGenerations';

/** Which facts count: those of the roots and the engine in force. */
export type FactScope = Pick<ActiveTrust, 'trustedRoots' | 'engineRevision'>;

/** Narrows a query over `facts` to those that count. */
export function inForce(db: Database, scope: FactScope) {
  return db('facts')
    .where('facts.engine_revision', scope.engineRevision)
    .whereIn(
      ['facts.trusted_root', 'facts.profile_digest'],
      scope.trustedRoots.map(root => [root.name, root.digest]),
    );
}

/** Verifications of some evidence that count, for one artifact or for all. */
export async function readVerifications(
  db: Database,
  evidenceDigests: string[],
  scope: FactScope,
  artifactDigests?: string[],
): Promise<Verification[]> {
  const query = inForce(db, scope)
    .select('verification')
    .whereIn('evidence_digest', evidenceDigests)
    .orderBy(['evidence_digest', 'artifact_digest', 'trusted_root']);
  if (artifactDigests) query.whereIn('artifact_digest', artifactDigests);
  const rows: { verification: string }[] = await query;
  return rows.map(row => JSON.parse(row.verification));
}

/** Digests of evidence that is known to be sound for some artifacts. */
export async function soundEvidence(
  db: Database,
  artifactDigests: string[],
  scope: FactScope,
): Promise<Set<string>> {
  const digests: string[] = await inForce(db, scope)
    .where({ sound: true })
    .whereIn('artifact_digest', artifactDigests)
    .pluck('evidence_digest');
  return new Set(digests);
}

/** The earliest time that somebody attested, if the evidence is sound. */
function signedAt(verification: Verification): string | undefined {
  return verification.facts?.times.map(({ time }) => time).sort()[0];
}

/**
 * Records verifications, and from the sound ones who signed and where that is
 * recorded. Facts never change, so what is there already stays.
 */
export async function saveVerifications(
  tx: Database,
  verifications: Verification[],
  now: Date,
): Promise<void> {
  await saveSigners(tx, verifications, now);
  await saveFacts(tx, verifications, now);
  await saveLogEntries(tx, verifications, now);
}

async function saveSigners(
  tx: Database,
  verifications: Verification[],
  now: Date,
): Promise<void> {
  const signers = new Map(
    verifications.flatMap(({ facts }) =>
      facts ? [[signerId(facts.signer), facts.signer] as const] : [],
    ),
  );
  for (const [id, signer] of inOrder(signers, ([key]) => key)) {
    await tx('signers')
      .insert({
        id,
        trusted_root: signer.trustedRoot,
        issuer: storable(signer.issuer),
        identity: storable(signer.identity),
        identity_type: signer.identityType,
        first_seen_at: now,
      })
      .onConflict()
      .ignore();
  }
}

async function saveFacts(
  tx: Database,
  verifications: Verification[],
  now: Date,
): Promise<void> {
  const rows = verifications.map(verification => {
    const { facts, evidenceDigest, artifactDigest } = verification;
    const time = signedAt(verification);
    return {
      evidence_digest: evidenceDigest,
      artifact_digest: artifactDigest,
      trusted_root: verification.trustedRoot,
      profile_digest: verification.profileDigest,
      engine_revision: verification.engineRevision,
      sound: facts !== undefined,
      signer_id: facts ? signerId(facts.signer) : null,
      signed_at: time ? new Date(time) : null,
      predicate_type: storable(facts?.content.predicateType ?? '') || null,
      verification: JSON.stringify(verification),
      judging: JSON.stringify(judgingForm(verification)),
      verified_at: now,
    };
  });
  const name = (row: (typeof rows)[number]) =>
    JSON.stringify([
      row.evidence_digest,
      row.artifact_digest,
      row.trusted_root,
      row.profile_digest,
    ]);
  for (const row of inOrder(rows, name)) {
    await tx('facts').insert(row).onConflict().ignore();
  }
}

async function saveLogEntries(
  tx: Database,
  verifications: Verification[],
  now: Date,
): Promise<void> {
  const rows = verifications.flatMap(verification => {
    const { facts, evidenceDigest, artifactDigest } = verification;
    if (!facts) return [];
    const time = signedAt(verification);
    return facts.logEntries.map(entry => ({
      log_id: entry.logId,
      log_index: entry.logIndex,
      evidence_digest: evidenceDigest,
      artifact_digest: artifactDigest,
      signer_id: signerId(facts.signer),
      entry: JSON.stringify(entry),
      recorded_at: time ? new Date(time) : now,
    }));
  });
  const name = (row: (typeof rows)[number]) =>
    JSON.stringify([
      row.log_id,
      row.log_index,
      row.evidence_digest,
      row.artifact_digest,
      row.signer_id,
    ]);
  for (const row of inOrder(rows, name)) {
    await tx('log_entries').insert(row).onConflict().ignore();
  }
}
