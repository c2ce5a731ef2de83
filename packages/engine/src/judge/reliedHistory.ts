import { DistrustOf } from './distrust';
import { JudgeHistory } from './history';

/**
 * What of the history counts: an earlier artifact whose signer nobody believes
 * any more is no measure of what should be there.
 */
export function reliedHistory(
  history: JudgeHistory,
  distrust: DistrustOf,
): JudgeHistory {
  const { predecessor, ...rest } = history;
  if (!predecessor) return history;
  const { signer, signedAt, evidenceDigest = '' } = predecessor;
  const times = signedAt === undefined ? [] : [{ time: signedAt }];
  const finding = distrust(
    { evidenceDigest, trustedRoot: signer.trustedRoot },
    { signer, times },
  );
  return finding ? rest : history;
}
