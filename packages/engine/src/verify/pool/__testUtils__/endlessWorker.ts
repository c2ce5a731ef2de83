import { clock } from '../clock';
import { VerificationPiece, verifyPiece } from '../verificationWorker';

/** Media type of evidence whose verification never ends. */
const ENDLESS = 'test/endless';

/** The worker of the pool, which also has work without an end. */
function verifyOrRunForever(piece: VerificationPiece) {
  if (piece.evidence.mediaType === ENDLESS) {
    new BigInt64Array(piece.begun)[0] = clock();
    for (;;);
  }
  return verifyPiece(piece);
}

export { verifyOrRunForever as verifyPiece };
