import { KeylessIdentity } from '@cloudythings/backstage-plugin-sigstore-common';
import { fillTemplate, matchesWhole } from '../patterns';
import { Path } from '../policyIssues';
import { formOfIssuer } from './knownIssuers';
import { Language } from './language';
import { Linter, ReadDocument, SOME_REPOSITORY } from './Linter';
import { STRANGERS, STRANGE_ISSUERS } from './strangers';

const SOME = { repository: SOME_REPOSITORY };

/** Host, owner and repository of a URL; the whole of an address. */
const NAMES = /^(?:[a-z]+:\/\/)?[^/]*(?:\/[^/@]*){0,2}/;

const ANYONE = STRANGERS.map(({ identities }) => identities).join('|');

/** Patterns that match more than they should, each shown by whom they match. */
export function lintWidth(
  linter: Linter,
  read: ReadDocument,
  identity: KeylessIdentity,
  path: Path,
) {
  const { issuerRegExp, subjectRegExp } = identity;
  if (issuerRegExp !== undefined) {
    const at = [...path, 'issuerRegExp'];
    const stranger = exampleOf(linter, issuerRegExp, STRANGE_ISSUERS);
    if (stranger !== undefined) {
      linter.warn(
        read,
        at,
        'issuer-too-wide',
        `this matches ${stranger} too, which anybody could run. Write the issuer out in issuer, or narrow the pattern.`,
      );
    } else {
      lintDots(linter, read, issuerRegExp, at);
    }
  }
  if (subjectRegExp === undefined) return;
  const at = [...path, 'subjectRegExp'];
  const form =
    identity.issuer === undefined
      ? undefined
      : formOfIssuer(linter, identity.issuer);
  const someoneOf = (strangers: string) =>
    exampleOf(linter, subjectRegExp, strangers, form?.identities);
  const widest =
    someoneOf(ANYONE) === undefined
      ? undefined
      : STRANGERS.find(({ identities }) => someoneOf(identities) !== undefined);
  if (widest) {
    const { code, identities, likely, remedy } = widest;
    const stranger = someoneOf(likely) ?? someoneOf(identities);
    linter.warn(read, at, code, `this matches ${stranger} too. ${remedy}.`);
  }
  if (widest?.code !== 'any-host') lintDots(linter, read, subjectRegExp, at);
}

/** Someone of the strangers whom a pattern matches. */
function exampleOf(
  linter: Linter,
  expression: string,
  strangers: string,
  among: Language = linter.languages.everything,
): string | undefined {
  const { languages } = linter;
  const allowed = linter.allowedBy(undefined, expression);
  const strange = linter.expression(strangers);
  if (!allowed || !strange) return undefined;
  const found = languages.example(allowed, strange, among);
  return typeof found === 'string' ? found : undefined;
}

/**
 * Dots of names that stand for any character. What comes behind the name of a
 * repository is up to who owns it.
 */
function lintDots(
  linter: Linter,
  read: ReadDocument,
  expression: string,
  path: Path,
) {
  const written = exampleOf(linter, withDots(expression), '.*');
  const pattern = fillTemplate(expression, SOME, true);
  if (written === undefined || pattern === undefined) return;
  const [named] = NAMES.exec(written) ?? [''];
  for (const { index } of named.matchAll(/\./g)) {
    const other = `${written.slice(0, index)}x${written.slice(index + 1)}`;
    if (matchesWhole(pattern, other)) {
      linter.warn(
        read,
        path,
        'unescaped-dot',
        `a dot stands for any character, so this matches ${other} too. Write \\. for a dot.`,
      );
      return;
    }
  }
}

/** The pattern with dots where single characters of any kind stand. */
function withDots(expression: string): string {
  return expression.replace(
    /(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\.(?![*+?{])/gs,
    (_, kept?: string) => kept ?? '\\.',
  );
}
