import { ArtifactStatus } from '@cloudythings/backstage-plugin-sigstore-common';

/** What the exit codes of `ct` mean; scripts rely on them. */
export const EXIT = {
  expected: 0,
  notExpected: 1,
  usage: 2,
  couldNotCheck: 3,
} as const;

/** Statuses that are no answer: nothing was found out either way. */
const UNKNOWN: readonly ArtifactStatus[] = [
  'could-not-check',
  'unsupported-format',
  'stale',
  'pending',
];

/**
 * Exit code for a status. Only a signer that was expected is 0: an exception,
 * and a signature that no rule speaks of, are not as expected.
 */
export function exitCodeOf(status: ArtifactStatus): 0 | 1 | 3 {
  if (status === 'expected-signer') return EXIT.expected;
  return UNKNOWN.includes(status) ? EXIT.couldNotCheck : EXIT.notExpected;
}
