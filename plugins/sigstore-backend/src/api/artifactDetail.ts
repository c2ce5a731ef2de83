import {
  ArtifactDetail,
  EvidenceReport,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Database } from '../store/database';
import { Declaration } from '../store/declarations';
import { StoredEntity } from '../store/entityStatuses';
import { describeSightings, sightedEvidence } from '../store/evidence';
import { readVerifications } from '../store/facts';
import { readObjectStorage } from '../store/objectStorage';
import { newestGeneration } from '../store/trustGenerations';
import { readVerdictHistory, readVerdicts } from '../store/verdicts';
import { readArtifactReports } from './artifactReports';
import { CommandRoot, reproduce } from './commands';

const HISTORY = 50;

/**
 * Everything about one artifact of an entity.
 *
 * @param options - `withEvidence` is false for callers who may not read raw
 * evidence; they get the verdict without it
 */
export async function readArtifactDetail(
  db: Database,
  entity: StoredEntity,
  declaration: Declaration,
  options: { withEvidence: boolean; roots: CommandRoot[] },
): Promise<ArtifactDetail> {
  const { artifactId } = declaration;
  const [report] = await readArtifactReports(db, [declaration], true);
  const verdict = (await readVerdicts(db, [artifactId])).get(artifactId);
  const deciding = verdict?.detail.decidingEvidence;
  const evidence = report.digest
    ? await readArtifactEvidence(db, declaration.referenceId, report.digest)
    : [];
  const storage = report.digest
    ? await readObjectStorage(db, {
        referenceId: declaration.referenceId,
        digest: report.digest,
      })
    : undefined;
  return {
    ...report,
    ...(entity.owner ? { owner: entity.owner } : {}),
    ...(deciding ? { decidingEvidence: deciding } : {}),
    evidence: options.withEvidence ? decidingFirst(evidence, deciding) : [],
    ...(storage ? { storage } : {}),
    history: await readVerdictHistory(db, artifactId, HISTORY),
    commands: reproduce(report, {
      roots: options.roots,
      timestamped: evidence.some(isTimestamped),
    }),
  };
}

async function readArtifactEvidence(
  db: Database,
  referenceId: string,
  artifactDigest: string,
): Promise<EvidenceReport[]> {
  const sighted = await sightedEvidence(db, { referenceId, artifactDigest });
  const digests = [...new Set(sighted.map(one => one.evidenceDigest))];
  const about = [...new Set(sighted.map(one => one.artifactDigest))];
  const scope = await newestGeneration(db);
  const described = await describeSightings(db, digests, {
    referenceIds: [referenceId],
    artifactDigest,
  });
  const verifications = scope
    ? await readVerifications(db, digests, scope, about)
    : [];
  return described.map(item => ({
    ...item,
    verifications: verifications.filter(
      verification => verification.evidenceDigest === item.digest,
    ),
  }));
}

function isTimestamped({ verifications }: EvidenceReport): boolean {
  const times = verifications.flatMap(({ facts }) => facts?.times ?? []);
  return times.some(({ source }) => source === 'timestamp-authority');
}

function decidingFirst(
  evidence: EvidenceReport[],
  deciding: string | undefined,
): EvidenceReport[] {
  return [
    ...evidence.filter(item => item.digest === deciding),
    ...evidence.filter(item => item.digest !== deciding),
  ];
}
