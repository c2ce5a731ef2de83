import { verifyEvidence } from '../../verifyEvidence';
import { VerificationBatch, verifyPieces } from '../verificationWorker';

/** Media type of evidence whose verification never ends. */
const ENDLESS = 'test/endless';

/** The worker of the pool, which also has work without an end. */
function verifyOrRunForever(batch: VerificationBatch) {
  return verifyPieces(batch, (evidence, ...others) => {
    if (evidence.mediaType === ENDLESS) for (;;);
    return verifyEvidence(evidence, ...others);
  });
}

export { verifyOrRunForever as verifyPieces };
