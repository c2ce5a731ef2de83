import {
  Finding,
  Lookup,
  StoredObject,
  parseReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  CredentialsError,
  OutboundClient,
  ResolvedArtifact,
  collectEvidence,
  resolveReference,
} from '@cloudythings/sigstore-engine';
import { ANONYMOUS } from '../access/AccessRule';
import { readAccess } from '../access/referenceAccess';
import { saveResolution } from '../store/artifacts';
import {
  CompressedEvidence,
  compressEvidence,
  readEvidenceFrom,
  saveEvidence,
} from '../store/evidence';
import { soundEvidence } from '../store/facts';
import { Claim, assertLease } from '../store/lease';
import { saveLookups } from '../store/lookups';
import { saveObjectStorage } from '../store/objectStorage';
import { saveCheck } from '../store/references';
import { readKnownIndexes } from '../store/sightings';
import { TrustSet } from '../trust/loadTrustSet';
import { FlowPorts } from './ports';

/** Most time for one reference; hashing a large blob takes minutes. */
const WORK_MS = 12 * 60_000;

type Check = {
  lookups: Lookup[];
  findings: Finding[];
  artifact?: ResolvedArtifact;
  evidence: CompressedEvidence[];
  /** How an object store keeps artifact and evidence, where one says so. */
  storage?: StoredObject[];
};

/**
 * Steps resolve and collect: asks which digest the reference leads to and what
 * evidence exists for it, then records both together.
 *
 * @param trust - which facts count, and what policies ask for: evidence known to
 * be sound is read first, then attestations of the types that policies name
 * @param stopped - ends the work without a result. Running out of time is a
 * result: a source that did not answer.
 * @returns before when a source does not want to be asked again, if one said so
 * @throws LeaseLostError when another replica took over, and the reason of
 * `stopped`; nothing is recorded then
 */
export async function checkReference(
  claim: Claim,
  trust: TrustSet,
  ports: FlowPorts,
  stopped: AbortSignal,
): Promise<Date | undefined> {
  const signal = AbortSignal.any([stopped, AbortSignal.timeout(WORK_MS)]);
  const check = await ask(claim, trust, ports, signal);
  stopped.throwIfAborted();
  const now = ports.now();
  await ports.knex.transaction(async tx => {
    await assertLease(tx, claim, now);
    await saveLookups(tx, claim.id, check.lookups, now);
    if (check.artifact) {
      await saveResolution(tx, claim.id, check.artifact, now);
      await saveEvidence(
        tx,
        { referenceId: claim.id, artifact: check.artifact },
        check.evidence,
        check.lookups,
        now,
      );
      await saveObjectStorage(
        tx,
        { referenceId: claim.id, digest: check.artifact.digest },
        check.storage ?? [],
        now,
      );
    }
    await saveCheck(tx, claim.id, {
      digest: check.artifact?.digest,
      newestTag: check.artifact?.tag,
      findings: check.findings,
      checkedAt: now,
    });
  });
  return lastDueAt(check.lookups);
}

function lastDueAt(lookups: Lookup[]): Date | undefined {
  const times = lookups.flatMap(({ nextDueAt }) =>
    nextDueAt ? [Date.parse(nextDueAt)] : [],
  );
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
}

async function ask(
  claim: Claim,
  trust: TrustSet,
  ports: FlowPorts,
  signal: AbortSignal,
): Promise<Check> {
  const { fileRoots, now } = ports;
  const parsed = parseReference(claim.reference);
  // What cannot be read is reported by judge, with the problem it has.
  if (!parsed.ok) return { lookups: [], findings: [], evidence: [] };
  const reference = parsed.parsed;
  const { credentials, repository } = readAccess(claim.access);
  let outbound: OutboundClient;
  try {
    // Credentials of buckets are not those of registries.
    outbound = await ports.clients.clientFor(
      reference.type === 's3' ? ANONYMOUS : credentials,
      signal,
    );
  } catch (error) {
    return withoutCredentials(claim, error, now());
  }
  const buckets = ports.buckets.withAccess(credentials);
  const enginePorts = { outbound, buckets, fileRoots, signal, now };
  const resolved = await resolveReference(reference, enginePorts);
  const { lookup, failure, indexLookup } = resolved;
  if (!resolved.artifact) {
    const finding = failure && { code: failure, detail: lookup.cause };
    return {
      lookups: [lookup],
      findings: finding ? [finding] : [],
      evidence: [],
    };
  }
  const artifact = await withKnownIndexes(ports, claim, resolved.artifact);
  const known = await soundEvidence(
    ports.knex,
    [artifact.digest, ...(artifact.parents ?? [])],
    trust.record,
  );
  const collected = await collectEvidence(
    ports.sources,
    {
      reference,
      artifact,
      known,
      repository,
      wantedTypes: wantedTypes(trust),
      earlier: (source, artifactDigest) =>
        readEvidenceFrom(ports.knex, source, {
          referenceId: claim.id,
          artifactDigest,
          known,
        }),
    },
    enginePorts,
  );
  return {
    lookups: [lookup, indexLookup ?? [], collected.lookups].flat(),
    findings: collected.findings,
    artifact,
    evidence: await compressEvidence(collected.evidence),
    storage: [artifact.storage ?? [], collected.storage ?? []].flat(),
  };
}

/** Tags move on; the indexes that they led to list what they list. */
async function withKnownIndexes(
  { knex }: FlowPorts,
  { id: referenceId }: Claim,
  artifact: ResolvedArtifact,
): Promise<ResolvedArtifact> {
  const target = { referenceId, artifactDigest: artifact.digest };
  const known = await readKnownIndexes(knex, target);
  const parents = [...new Set([...(artifact.parents ?? []), ...known])];
  return parents.length > 0 ? { ...artifact, parents } : artifact;
}

/** Nobody is asked: without the credentials it would be another question. */
function withoutCredentials(claim: Claim, error: unknown, now: Date): Check {
  const { credentials: access } = readAccess(claim.access);
  const cause =
    error instanceof CredentialsError
      ? error.message
      : `The credentials "${access}" could not be read`;
  const source = `credentials "${access}"`;
  const askedAt = now.toISOString();
  return {
    lookups: [{ source, outcome: 'unreachable', cause, askedAt }],
    findings: [{ code: 'source-unreachable', detail: cause }],
    evidence: [],
  };
}

function wantedTypes({ policies }: TrustSet): ReadonlySet<string> {
  return new Set(
    policies
      .flatMap(policy => policy.spec.authorities)
      .flatMap(authority => authority.attestations ?? [])
      .map(attestation => attestation.predicateType),
  );
}
