import { stringifyError } from '@backstage/errors';
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

/**
 * The means to verify failed, which says nothing about the evidence: what was
 * established until then is recorded, and the rest is not verified.
 */
export class CannotVerifyError extends Error {
  constructor(claim: Claim, cause: unknown) {
    super(
      `Evidence of ${claim.reference} could not be verified: ${stringifyError(
        cause,
      )}`,
      { cause },
    );
    this.name = 'CannotVerifyError';
  }
}

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
 * @throws LeaseLostError when another replica took over, CannotVerifyError
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
  const verifications: Verification[] = [];
  const deadline = now().getTime() + VERIFY_MS;
  const left = [...missing];
  const failures: unknown[] = [];
  const verify = async (piece: Missing) => {
    const { evidenceDigest, artifactDigest, profiles } = piece;
    const evidence = await readEvidence(knex, evidenceDigest);
    if (!evidence) return;
    const otherDigests = await readOtherDigests(knex, artifactDigest);
    for (const profile of profiles) {
      signal.throwIfAborted();
      if (failures.length > 0) return;
      const options = { otherDigests };
      await verifier.verify(evidence, artifactDigest, profile, options).then(
        one => verifications.push(one),
        cause => failures.push(cause),
      );
    }
  };
  const work = async () => {
    for (let piece = left.shift(); piece; piece = left.shift()) {
      if (failures.length > 0 || now().getTime() >= deadline) return;
      await verify(piece);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  signal.throwIfAborted();
  const facts = verifications.filter(one => !wasCutShort(one));
  if (facts.length > 0) {
    await nextTurn();
    await knex.transaction(async tx => {
      await assertLease(tx, claim, now());
      await saveVerifications(tx, facts, now());
    });
  }
  if (failures.length > 0) throw new CannotVerifyError(claim, failures[0]);
}

async function findMissing(
  claim: Claim,
  set: TrustSet,
  { knex }: FlowPorts,
): Promise<Missing[]> {
  // What says nothing about the artifact is for a notice, and comes last.
  const sightings = (await readSightings(knex, [claim.id])).sort(
    (a, b) =>
      Number(a.relation === 'platform') - Number(b.relation === 'platform'),
  );
  const scope: FactScope = set.record;
  const done = new Set(
    (
      await readVerifications(
        knex,
        [...new Set(sightings.map(({ evidenceDigest }) => evidenceDigest))],
        scope,
        [...new Set(sightings.map(({ artifactDigest }) => artifactDigest))],
      )
    ).map(({ evidenceDigest, artifactDigest, trustedRoot, profileDigest }) =>
      key(evidenceDigest, artifactDigest, trustedRoot, profileDigest),
    ),
  );
  return sightings
    .map(({ evidenceDigest, artifactDigest }) => ({
      evidenceDigest,
      artifactDigest,
      profiles: set.profiles.filter(
        ({ name, digest }) =>
          !done.has(key(evidenceDigest, artifactDigest, name, digest)),
      ),
    }))
    .filter(({ profiles }) => profiles.length > 0);
}
