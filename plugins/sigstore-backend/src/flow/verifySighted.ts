import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { verifyEvidence } from '@cloudythings/sigstore-engine';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readEvidence, sightedEvidence } from '../store/evidence';
import {
  FactScope,
  readVerifications,
  saveVerifications,
} from '../store/facts';
import { Claim, assertLease } from '../store/lease';
import { readReferences } from '../store/references';
import { TrustSet } from '../trust/loadTrustSet';
import { FlowPorts } from './ports';

/**
 * Most time for the evidence of one reference. A piece takes milliseconds, so
 * this is reached only where somebody made evidence to be slow.
 */
export const VERIFY_MS = 60_000;

const key = (...parts: string[]) => parts.join(' ');

/**
 * Step verify: establishes the facts that are missing for the evidence seen at
 * a reference, from stored bytes. What was verified already under the same
 * trusted root by the same engine is not verified again. Ends when its time is
 * over: the rest counts as over the cap until a later run verifies it.
 *
 * @throws LeaseLostError when another replica took over
 */
export async function verifySighted(
  claim: Claim,
  set: TrustSet,
  ports: FlowPorts,
  signal: AbortSignal,
): Promise<void> {
  const { knex, now } = ports;
  const state = (await readReferences(knex, [claim.id])).get(claim.id);
  if (!state?.digest) return;
  const artifactDigest = state.digest;
  const sighted = await sightedEvidence(knex, {
    referenceId: claim.id,
    artifactDigest,
  });
  const done = await verified(ports, sighted, artifactDigest, set.record);
  const verifications: Verification[] = [];
  const deadline = now().getTime() + VERIFY_MS;
  for (const digest of sighted) {
    const profiles = set.profiles.filter(
      profile => !done.has(key(digest, profile.name, profile.digest)),
    );
    if (profiles.length === 0) continue;
    if (now().getTime() >= deadline) break;
    const evidence = await readEvidence(knex, digest);
    if (!evidence) continue;
    for (const profile of profiles) {
      signal.throwIfAborted();
      verifications.push(verifyEvidence(evidence, artifactDigest, profile));
      // Cryptography blocks; requests get their turn in between.
      await nextTurn();
    }
  }
  if (verifications.length === 0) return;
  await knex.transaction(async tx => {
    await assertLease(tx, claim, now());
    await saveVerifications(tx, verifications, now());
  });
}

async function verified(
  ports: FlowPorts,
  evidence: string[],
  artifactDigest: string,
  scope: FactScope,
): Promise<Set<string>> {
  const verifications = await readVerifications(
    ports.knex,
    evidence,
    scope,
    artifactDigest,
  );
  return new Set(
    verifications.map(({ evidenceDigest, trustedRoot, profileDigest }) =>
      key(evidenceDigest, trustedRoot, profileDigest),
    ),
  );
}
