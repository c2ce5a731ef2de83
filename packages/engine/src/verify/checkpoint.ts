import { BundleLogEntry } from './reading';

/** What a checkpoint says about its log (C2SP tlog-checkpoint). */
export type Checkpoint = { origin: string; treeSize: string; rootHash: string };

/**
 * Reads the text of a checkpoint. Whether it is signed is for others to check.
 *
 * @param envelope - signed note
 * @throws Error when it has fewer than three lines
 */
export function readCheckpoint(envelope: string): Checkpoint {
  const [origin, treeSize, rootHash] = envelope.split('\n', 3);
  if (!origin || !/^(0|[1-9][0-9]*)$/.test(treeSize ?? '') || !rootHash) {
    throw new Error('the checkpoint is unreadable');
  }
  return { origin, treeSize, rootHash };
}

/** The checkpoint that the proof of a log entry leads to, as a signed note. */
export function envelopeOf({
  inclusionProof,
}: BundleLogEntry): string | undefined {
  return inclusionProof?.checkpoint?.envelope;
}
