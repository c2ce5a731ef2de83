import {
  Finding,
  Lookup,
} from '@cloudythings/backstage-plugin-sigstore-common';
import type { Rule } from './rule';
import type { Outcome } from './shortfall';
import { findingOf, givesHints, isAnswered } from './unanswered';

/** Whether a lookup was answered, or is of a log that has no search to answer. */
export function isAnsweredOrOptional(lookup: Lookup): boolean {
  return isAnswered(lookup) || hasNoSearch(lookup);
}

/**
 * Findings about searches that failed; nothing of a log that offers none, which
 * is as if it had not been configured.
 */
export function hintsNotGiven(lookups: readonly Lookup[]): Finding[] {
  return lookups
    .filter(lookup => givesHints(lookup) && !isAnsweredOrOptional(lookup))
    .map(findingOf);
}

/**
 * Searches without which a rule cannot be decided: where nothing else was found,
 * those that failed; where the rule takes evidence in a log, those that are not
 * offered as well.
 */
export function hintsMissing(
  outcome: Outcome,
  rule: Rule | undefined,
  lookups: readonly Lookup[],
): Finding[] {
  if (rule?.places?.includes('transparency-log')) {
    const notOffered = lookups
      .filter(hasNoSearch)
      .map(lookup => findingOf({ ...lookup, outcome: 'refused' }));
    return [...hintsNotGiven(lookups), ...notOffered];
  }
  return outcome.status === undefined ? hintsNotGiven(lookups) : [];
}

function hasNoSearch(lookup: Lookup): boolean {
  return lookup.outcome === 'unsupported' && givesHints(lookup);
}
