import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  VerificationProfile,
  wasCutShort,
} from '@cloudythings/sigstore-engine';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readOtherDigests } from '../store/artifacts';
import { readEvidence } from '../store/evidence';
import {
  FactScope,
  readVerifications,
  saveVerifications,
} from '../store/facts';
import { Claim, assertLease } from '../store/lease';
import { readSightings } from '../store/sightings';
import { TrustSet } from '../trust/loadTrustSet';
import { FlowPorts } from './ports';

/**
 * Most time for the evidence of one reference. A piece takes milliseconds, so
 * this is reached only where somebody made evidence to be slow.
 */
export const VERIFY_MS = 60_000;

/**
 * How many pieces of one reference are verified at a time. More than one keeps
 * the threads busy; few enough that no reference holds up the others.
 */
const PARALLEL = 4;

const key = (...parts: string[]) => parts.join(' ');

/** Evidence and the trusted roots that it was not verified under yet. */
type Missing = {
  evidenceDigest: string;
  artifactDigest: string;
  profiles: VerificationProfile[];
};

/**
 * Step verify: establishes the facts that are missing for the evidence seen at
 * a reference, from stored bytes, and for what was seen and is gone, since
 * judging asks for it, too. What was verified already under the same trusted
 * root by the same engine is not verified again. Ends when its time is over:
 * the rest counts as not verified until a later run does it.
 *
 * @throws LeaseLostError when another replica took over
 */
export async function verifySighted(
  claim: Claim,
  set: TrustSet,
  ports: FlowPorts,
  signal: AbortSignal,
): Promise<void> {
  const { knex, now, verifier } = ports;
  const missing = await findMissing(claim, set, ports);
  if (missing.length === 0) return;
  const { artifactDigest } = missing[0];
  const otherDigests = await readOtherDigests(knex, artifactDigest);
  const verifications: Verification[] = [];
  const deadline = now().getTime() + VERIFY_MS;
  const left = [...missing];
  const work = async () => {
    for (let piece = left.shift(); piece; piece = left.shift()) {
      signal.throwIfAborted();
      if (now().getTime() >= deadline) return;
      const evidence = await readEvidence(knex, piece.evidenceDigest);
      if (!evidence) continue;
      for (const profile of piece.profiles) {
        signal.throwIfAborted();
        const options = { otherDigests };
        verifications.push(
          await verifier.verify(evidence, artifactDigest, profile, options),
        );
      }
    }
  };
  const workers = await Promise.allSettled(
    Array.from({ length: PARALLEL }, () =>
      work().finally(() => {
        // What one cannot do, the others need not try.
        left.length = 0;
      }),
    ),
  );
  const failed = workers.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  const facts = verifications.filter(one => !wasCutShort(one));
  if (facts.length === 0) return;
  await nextTurn();
  await knex.transaction(async tx => {
    await assertLease(tx, claim, now());
    await saveVerifications(tx, facts, now());
  });
}

async function findMissing(
  claim: Claim,
  set: TrustSet,
  { knex }: FlowPorts,
): Promise<Missing[]> {
  const sightings = await readSightings(knex, [claim.id]);
  if (sightings.length === 0) return [];
  const [{ artifactDigest }] = sightings;
  const evidence = sightings.map(({ evidenceDigest }) => evidenceDigest);
  const scope: FactScope = set.record;
  const done = new Set(
    (await readVerifications(knex, evidence, scope, artifactDigest)).map(
      ({ evidenceDigest, trustedRoot, profileDigest }) =>
        key(evidenceDigest, trustedRoot, profileDigest),
    ),
  );
  return evidence
    .map(evidenceDigest => ({
      evidenceDigest,
      artifactDigest,
      profiles: set.profiles.filter(
        ({ name, digest }) => !done.has(key(evidenceDigest, name, digest)),
      ),
    }))
    .filter(({ profiles }) => profiles.length > 0);
}
