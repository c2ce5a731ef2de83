import { TrustedRoot } from '@sigstore/protobuf-specs';
import { Thresholds } from './trustedRoot';

/**
 * The thresholds that suit a trusted root as it is: one of each kind of log
 * that it has at all, and an attested time. For a root that nobody configured
 * thresholds for, such as one named on a command line: GitHub's own instance
 * has no logs, and asking for an entry would refuse all of its evidence.
 *
 * @param json - a `trusted_root.json`, parsed; `loadTrustedRoot` says what is
 *   wrong with one that cannot be read
 * @public
 */
export function offeredThresholds(json: unknown): Thresholds {
  const { tlogs, ctlogs } = read(json);
  return {
    transparencyLog: Math.min(tlogs, 1),
    certificateTransparency: Math.min(ctlogs, 1),
    timestamps: 1,
  };
}

function read(json: unknown): { tlogs: number; ctlogs: number } {
  try {
    const { tlogs, ctlogs } = TrustedRoot.fromJSON(json);
    return { tlogs: tlogs.length, ctlogs: ctlogs.length };
  } catch {
    return { tlogs: 1, ctlogs: 1 };
  }
}
