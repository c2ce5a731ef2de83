import { KeylessIdentity } from '@cloudythings/backstage-plugin-sigstore-common';
import { matchesWhole, templateNames } from '../patterns';
import { Path } from '../policyIssues';
import { GITHUB_ACTIONS, formOfIssuer } from './knownIssuers';
import { Linter, ReadDocument } from './Linter';

/**
 * Identities that match nobody.
 *
 * @returns whether that is so
 */
export function lintIdentity(
  linter: Linter,
  read: ReadDocument,
  identity: KeylessIdentity,
  path: Path,
): boolean {
  const { issuer, subject, subjectRegExp } = identity;
  const field = subject === undefined ? 'subjectRegExp' : 'subject';
  const usesRepository =
    templateNames(subject ?? subjectRegExp ?? '').length > 0;
  if (usesRepository && !isGitHub(identity)) {
    linter.warn(
      read,
      [...path, field],
      'repository-without-github',
      `{{ repository }} is the entity's repository on GitHub, and identities of this issuer do not name one. Write the identity out, or use the issuer ${GITHUB_ACTIONS}.`,
    );
    return true;
  }
  const form = issuer && formOfIssuer(linter, issuer);
  const allowed = linter.allowedBy(subject, subjectRegExp);
  if (!form || !allowed) return false;
  const { languages } = linter;
  if (languages.example(allowed, form.identities) !== undefined) {
    return false;
  }
  linter.warn(
    read,
    [...path, field],
    'identity-impossible',
    `nobody has such an identity: those of ${issuer} have the form ${form.words}. Correct the identity, or the issuer.`,
  );
  return true;
}

function isGitHub({ issuer, issuerRegExp }: KeylessIdentity): boolean {
  return issuerRegExp === undefined
    ? `${issuer}/`.startsWith(`${GITHUB_ACTIONS}/`)
    : matchesWhole(issuerRegExp, GITHUB_ACTIONS);
}
