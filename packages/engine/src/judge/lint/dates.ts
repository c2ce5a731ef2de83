import { TrustPolicy } from '@cloudythings/backstage-plugin-sigstore-common';
import { Linter, ReadDocument } from './Linter';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Exceptions and windows that are over, and windows that have not begun. */
export function lintDates(
  linter: Linter,
  read: ReadDocument<TrustPolicy>,
  now: Date,
) {
  const { exception, authorities } = read.document.spec;
  if (exception && Date.parse(exception.until) + DAY_MS <= now.getTime()) {
    linter.warn(
      read,
      ['spec', 'exception', 'until'],
      'exception-over',
      `the exception was over after ${exception.until} and changes nothing any more. Remove it, or ask ${exception.owner} whether it goes on.`,
    );
  }
  authorities.forEach(({ signedAfter, signedBefore }, index) => {
    const path = ['spec', 'authorities', index];
    if (
      signedBefore !== undefined &&
      Date.parse(signedBefore) <= now.getTime()
    ) {
      linter.warn(
        read,
        [...path, 'signedBefore'],
        'window-over',
        `nothing that is signed after ${signedBefore} counts. That is right for a signer who has left; otherwise extend it.`,
      );
    }
    if (signedAfter !== undefined && Date.parse(signedAfter) > now.getTime()) {
      linter.warn(
        read,
        [...path, 'signedAfter'],
        'window-ahead',
        `nothing counts that is signed before ${signedAfter}, which has not come. Correct the time, or keep the former signer until then.`,
      );
    }
  });
}
