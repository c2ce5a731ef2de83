import {
  Distrust,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { lintDates } from './dates';
import { lintExtensions } from './extensions';
import { lintIdentity } from './identities';
import { StepsUsedUp } from './language';
import { Linter, PolicyWarning, ReadDocument } from './Linter';
import { lintRepeated } from './repeated';
import { lintSelector } from './selectors';
import { lintWidth } from './widePatterns';

/**
 * Looks for rules that can match nothing, or more than they should.
 *
 * @param documents - of the whole set, each of the right form
 * @param known - the time that dates are compared with; without it, nothing is
 *   said of dates
 * @returns warnings in the order of files and lines
 */
export function lintPolicies(
  documents: ReadDocument[],
  known: { now?: Date },
): PolicyWarning[] {
  const linter = new Linter();
  const policies = documents.filter(isPolicy);
  for (const read of policies) lintFields(linter, read, known);
  try {
    for (const read of policies) lintPolicy(linter, read, policies);
    for (const read of documents.filter(isDistrust)) lintDistrust(linter, read);
    for (const read of policies) lintRepeated(linter, read);
  } catch (error) {
    if (!(error instanceof StepsUsedUp)) throw error;
    linter.skipped = true;
  }
  if (linter.skipped) {
    linter.warn(
      documents[documents.length - 1],
      [],
      'lint-incomplete',
      'these policies are so many or so involved that not everything was looked at. Lint them in smaller sets.',
    );
  }
  return linter.warnings.sort((a, b) => byPlace(a.place, b.place));
}

/** What needs no comparing. */
function lintFields(
  linter: Linter,
  read: ReadDocument<TrustPolicy>,
  { now }: { now?: Date },
) {
  if (read.document.spec.repositoryFrom === 'source-location') {
    linter.warn(
      read,
      ['spec', 'repositoryFrom'],
      'entity-owned-repository',
      "the entity's own file chooses its source-location, so whoever edits it chooses who may sign. Use managed-by-location, or map the entity to its repository in the configuration (sigstore.repositories).",
    );
  }
  if (now) lintDates(linter, read, now);
}

function lintPolicy(
  linter: Linter,
  read: ReadDocument<TrustPolicy>,
  policies: ReadDocument<TrustPolicy>[],
) {
  const { artifacts, authorities } = read.document.spec;
  artifacts.forEach((selector, index) =>
    lintSelector(
      linter,
      read,
      selector,
      ['spec', 'artifacts', index],
      policies,
    ),
  );
  authorities.forEach(({ keyless }, index) => {
    if (!keyless) return;
    const { identities, extensions } = keyless;
    const path = ['spec', 'authorities', index, 'keyless'];
    identities.forEach((identity, place) => {
      const at = [...path, 'identities', place];
      if (lintIdentity(linter, read, identity, at)) return;
      lintWidth(linter, read, identity, at);
    });
    if (extensions) {
      lintExtensions(linter, read, { identities, extensions }, path);
    }
  });
}

/** Only whether it withdraws anything: too much is on the safe side. */
function lintDistrust(linter: Linter, read: ReadDocument<Distrust>) {
  read.document.spec.distrusted.forEach(({ identity }, index) => {
    if (!identity) return;
    const path = ['spec', 'distrusted', index, 'identity'];
    lintIdentity(linter, read, identity, path);
  });
}

function isPolicy(read: ReadDocument): read is ReadDocument<TrustPolicy> {
  return read.document.kind === 'TrustPolicy';
}

function isDistrust(read: ReadDocument): read is ReadDocument<Distrust> {
  return read.document.kind === 'Distrust';
}

function byPlace(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
