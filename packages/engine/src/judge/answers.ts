import {
  Answer,
  Answers,
  ArtifactStatus,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { EvidenceAtHand } from './evidenceAtHand';

/** Before anything is known. */
export const NOTHING_KNOWN: Answers = {
  signatureFound: 'unknown',
  evidenceSound: 'not-asked',
  expectedSigner: 'not-asked',
};

/**
 * The three answers that stand above the detail. A question is asked only
 * where the one before it was answered with yes.
 *
 * @param soundDecided - evidence that holds decided the status
 * @param allAnswered - every lookup was answered
 */
export function answersFor(
  status: ArtifactStatus,
  evidence: EvidenceAtHand,
  soundDecided: boolean,
  allAnswered: boolean,
): Answers {
  const anySound = evidence.sound.length > 0;
  const anyFound = anySound || evidence.failing.length > 0;
  const isComplete =
    allAnswered &&
    evidence.unsupported.length === 0 &&
    evidence.overCap.length === 0 &&
    evidence.outdated.length === 0;
  const isOpen = status === 'could-not-check' || status === 'stale';
  return {
    signatureFound: foundAnswer(anyFound, isComplete),
    evidenceSound: soundAnswer(
      anyFound,
      isOpen ? anySound : soundDecided,
      isOpen,
    ),
    expectedSigner: signerAnswer(status, isOpen ? anySound : soundDecided),
  };
}

function foundAnswer(anyFound: boolean, isComplete: boolean): Answer {
  if (anyFound) return 'yes';
  return isComplete ? 'no' : 'unknown';
}

function soundAnswer(
  anyFound: boolean,
  isSound: boolean,
  isOpen: boolean,
): Answer {
  if (!anyFound) return 'not-asked';
  if (isSound) return 'yes';
  return isOpen ? 'unknown' : 'no';
}

function signerAnswer(status: ArtifactStatus, isSound: boolean): Answer {
  if (!isSound) return 'not-asked';
  switch (status) {
    case 'unexpected-signer':
      return 'no';
    case 'could-not-check':
    case 'stale':
      return 'unknown';
    case 'no-policy':
      return 'not-asked';
    default:
      return 'yes';
  }
}
