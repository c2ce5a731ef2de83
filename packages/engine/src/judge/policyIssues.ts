import { z } from 'zod/v4';
import { closestTo, placesOfField } from './knownFields';

type Issue = z.core.$ZodIssue;

/** A field of a document, from the outside in. */
export type Path = readonly PropertyKey[];

/** A field as people write it: `spec.authorities[0].name`. */
export function fieldOf(path: Path): string {
  return path
    .map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

const NAMES: Record<string, string> = {
  array: 'a list',
  boolean: 'true or false',
  null: 'empty',
  number: 'a number',
  object: 'fields with values',
  record: 'fields with values',
  string: 'text',
};

const FORMATS: Record<string, string> = {
  date: 'this is not a day. Write year, month and day, such as 2027-01-31.',
  datetime:
    'this is not a time in UTC. Write it in full, such as 2026-01-31T12:00:00Z.',
};

/**
 * Says what is wrong with a policy document: which fields, and what to do.
 *
 * @param issues - of the policy schema
 * @param content - the document
 */
export function describeIssues(
  issues: readonly Issue[],
  content: unknown,
): { path: Path; problem: string }[] {
  const unknown = issues.flatMap(issue =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => ({ around: issue.path, key }))
      : [],
  );
  const meant = unknown.map(({ around, key }) => {
    const siblings = valueAt(content, around);
    const { here } = placesOfField(around, key, siblings);
    return fieldOf(here === undefined ? around : [...around, here]);
  });
  const around = unknown.map(one => fieldOf(one.around));
  return issues.flatMap(issue => {
    const { path } = issue;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(key => ({
        path: [...path, key],
        problem: unknownField(path, key, valueAt(content, path)),
      }));
    }
    // What is missing because it is misspelt is said once.
    const follows =
      issue.code === 'custom'
        ? around.includes(fieldOf(path))
        : valueAt(content, path) === undefined && meant.includes(fieldOf(path));
    const problem = problemOf(issue, valueAt(content, path));
    return follows ? [] : [{ path, problem }];
  });
}

function problemOf(issue: Issue, value: unknown): string {
  const { path } = issue;
  if (issue.code === 'custom') return issue.message;
  if (path.length === 1 && path[0] === 'kind') return kindProblem(value);
  if (value === undefined) return missing(path[path.length - 1]);
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, value, path[path.length - 1]);
    case 'invalid_value':
      return oneOf(value, issue.values.map(String));
    case 'too_small':
      return 'this is empty. Fill it in, or remove the field if it is not needed.';
    case 'too_big':
      return `this is longer than ${issue.maximum} characters. Shorten it.`;
    case 'invalid_format':
      return (
        FORMATS[issue.format] ?? `this has another form: ${issue.message}.`
      );
    default:
      return `${issue.message}. Correct it as docs/trust-policy.md describes.`;
  }
}

const REMEDIES: Record<string, string> = {
  metadata: 'Add metadata: with name:.',
  spec: 'Add spec: with artifacts: and authorities:, or distrusted: and reason:.',
  artifacts: 'Add artifacts: with the kind: of what the policy covers.',
  authorities: 'Add authorities: with who may sign.',
  identities: 'Add identities: with the issuer: and subject: of who may sign.',
  apiVersion: 'Add apiVersion: cloudythings.io/v1alpha1.',
  trustedRoot:
    'Add trustedRoot: with the name of a configured trusted root; trust without saying in whom is refused.',
  owner: 'Name who answers for the exception, such as group:default/payments.',
  reason: 'Say why; it is shown wherever the rule is.',
  until:
    'Give its last day, such as 2027-01-31; an exception without an end is a rule of its own.',
};

function wrongType(
  expected: string,
  value: unknown,
  field: PropertyKey | undefined,
): string {
  const is = `this should be ${NAMES[expected] ?? expected}, not ${
    NAMES[typeOf(value)]
  }.`;
  if (field === 'maxAge') return `${is} Write a unit, d, h or m, such as 30d.`;
  return expected === 'string' && typeof value !== 'object'
    ? `${is} Put it in quotes.`
    : `${is} See docs/trust-policy.md for its form.`;
}

function missing(field: PropertyKey | undefined): string {
  const remedy = REMEDIES[String(field)] ?? `Add ${String(field)}:.`;
  return `this field is missing. ${remedy}`;
}

function kindProblem(value: unknown): string {
  return value === undefined
    ? 'this field is missing. Add kind: TrustPolicy (who may sign) or kind: Distrust (whom nobody believes any more).'
    : oneOf(value, ['TrustPolicy', 'Distrust']);
}

function oneOf(value: unknown, allowed: string[]): string {
  const [only] = allowed;
  const choice =
    allowed.length === 1
      ? `Write ${only}.`
      : `Use one of: ${allowed.join(', ')}.`;
  if (typeof value !== 'string') return `this is not known here. ${choice}`;
  const close = closestTo(value, allowed);
  const guess =
    close === undefined || allowed.length === 1
      ? ''
      : ` Did you mean ${close}?`;
  return `there is no "${shortened(value)}" here.${guess} ${choice}`;
}

function unknownField(around: Path, key: string, siblings: unknown): string {
  const { here, elsewhere } = placesOfField(around, key, siblings);
  const why = 'a rule that says more than is checked would mislead';
  if (key === '<<') {
    return 'merge keys are not read. Write the fields out, or use an alias for the whole value.';
  }
  if (here !== undefined) {
    return `this field is not known. Did you mean ${here}?`;
  }
  if (elsewhere !== undefined) {
    return `this field is not known here; it belongs to ${elsewhere}. Move it there.`;
  }
  return `this field is not known. Correct its name or remove it; ${why}.`;
}

/** Text of the document in a message, never so much of it that it fills one. */
function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

function valueAt(content: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    content,
  );
}
