import { SAME_REPOSITORY_POLICY } from '@cloudythings/backstage-plugin-sigstore-common';
import { createZodV4FilterPredicateSchema } from '@backstage/filter-predicates';
import { FULCIO_EXTENSION_NAMES } from '../verify/fulcioExtensions';
import { canonicalGlob } from './canonicalGlob';
import { closestTo } from './knownFields';
import { fillTemplate, matchesWhole, templateNames } from './patterns';
import { PatternBudget } from './patternBudget';
import { Path } from './policyIssues';
import { keyProblem } from './policyKeys';

/** What is wrong with a field, and what to do. */
export type Problem = { path: Path; problem: string };

/** What the whole set is read with. */
type Known = {
  trustedRoots: readonly string[] | 'any';
  patterns: PatternBudget;
};

/** Says what is wrong with the value of a field, if anything is. */
type Check = (value: string, field: PropertyKey) => string | undefined;

const filterPredicate = createZodV4FilterPredicateSchema();

/**
 * Says what a document means that cannot be meant: roots that are not
 * configured, patterns that do not compile, keys that are none. It looks at
 * each field by itself, so that a mistake of form elsewhere hides nothing.
 *
 * @param content - of a document, whether or not it has the right form
 * @param known - names of the trusted roots that are configured, where they are
 *   known, and what the patterns of the whole set may come to
 */
export function problemsOf(content: unknown, known: Known): Problem[] {
  const checks = checksFor(content, known);
  const visit = (value: unknown, path: Path, place: string): Problem[] => {
    const check = checks[place] ?? checks[place.replace(/\.[^.]*$/, '.*')];
    if (typeof value === 'string') {
      const problem = check?.(value, path[path.length - 1]);
      return problem === undefined ? [] : [{ path, problem }];
    }
    if (typeof value !== 'object' || value === null) return [];
    if (place === 'spec.artifacts[].entity') {
      const problem = entityProblem(value);
      return problem === undefined ? [] : [{ path, problem }];
    }
    const ofList = place === 'spec.authorities' ? twiceNamed(value) : [];
    const inside = Array.isArray(value)
      ? value.flatMap((one, index) =>
          visit(one, [...path, index], `${place}[]`),
        )
      : Object.entries(value).flatMap(([key, one]) =>
          visit(one, [...path, key], place === '' ? key : `${place}.${key}`),
        );
    return [...ofList, ...inside];
  };
  return visit(content, [], '');
}

/** What is looked at, by place; `*` stands for every field there. */
function checksFor(
  content: unknown,
  { trustedRoots, patterns }: Known,
): Record<string, Check> {
  const isPolicy =
    (content as { kind?: unknown } | null)?.kind === 'TrustPolicy';
  const root: Check = name => {
    if (trustedRoots === 'any' || trustedRoots.includes(name)) return undefined;
    const names = trustedRoots.join(', ') || '(none)';
    return `no trusted root "${name}" is configured. Use one of: ${names}.`;
  };
  const identity = isPolicy
    ? 'spec.authorities[].keyless.identities[]'
    : 'spec.distrusted[].identity';
  const values = isPolicy ? templateProblem : noValues;
  return {
    'metadata.name': nameProblem,
    'spec.artifacts[].reference': referenceProblem,
    'spec.authorities[].key.trustedRoot': root,
    'spec.authorities[].key.data': keyProblem,
    'spec.authorities[].keyless.trustedRoot': root,
    'spec.authorities[].keyless.extensions.*': extensionProblem,
    'spec.distrusted[].trustedRoot': root,
    'spec.distrusted[].key.data': keyProblem,
    [`${identity}.issuer`]: noValues,
    [`${identity}.issuerRegExp`]: text =>
      noValues(text) ?? patternProblem(text, 'issuer', patterns),
    [`${identity}.subject`]: values,
    [`${identity}.subjectRegExp`]: text =>
      values(text) ?? patternProblem(text, 'subject', patterns),
  };
}

function nameProblem(name: string): string | undefined {
  return name === SAME_REPOSITORY_POLICY
    ? `"${SAME_REPOSITORY_POLICY}" is the built-in rule. Choose another name.`
    : undefined;
}

/** A verdict says by its name which authority was expected to sign. */
function twiceNamed(authorities: object): Problem[] {
  const names = Object.values(authorities).map(one => Object(one).name);
  const first = new Map(
    names.map((name, index) => [name, index] as const).reverse(),
  );
  return names.flatMap((name, index) =>
    name !== undefined && first.get(name) !== index
      ? [
          {
            path: ['spec', 'authorities', index, 'name'],
            problem: `an authority "${name}" is already in this policy. Give each one a name of its own.`,
          },
        ]
      : [],
  );
}

function referenceProblem(reference: string): string | undefined {
  if (reference.includes('{{')) {
    return 'values are not filled in here. Write the reference, with * and ** where it varies.';
  }
  const canonical = canonicalGlob(reference);
  return canonical === reference
    ? undefined
    : `references are never compared in this form. Write ${canonical}`;
}

function entityProblem(entity: object): string | undefined {
  if (filterPredicate.safeParse(entity).success && isPredicate(entity)) {
    return undefined;
  }
  return 'this is not a catalog filter predicate. Write fields of the entity with what they must be, such as spec.lifecycle: production; $all, $any and $not stand alone, and $exists, $in, $contains and $hasPrefix stand below a field.';
}

const LOGICAL = ['$all', '$any', '$not'];
const MATCHERS = ['$exists', '$in', '$contains', '$hasPrefix'];

/**
 * The schema of predicates lets a matcher have others beside it, of which only
 * one would count, and lists of nothing.
 */
function isPredicate(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isPredicate);
  if (typeof value !== 'object' || value === null) return true;
  const keys = Object.keys(value);
  const operators = keys.filter(key => key.startsWith('$'));
  return (
    (operators.length === 0 || keys.length === 1) &&
    operators.every(key => LOGICAL.includes(key) || MATCHERS.includes(key)) &&
    Object.values(value).every(isPredicate)
  );
}

function extensionProblem(
  value: string,
  field: PropertyKey,
): string | undefined {
  const name = String(field);
  if (!FULCIO_EXTENSION_NAMES.includes(name)) {
    const guess = closestTo(name, FULCIO_EXTENSION_NAMES);
    return `certificates have no extension of this name. ${
      guess
        ? `Did you mean ${guess}?`
        : `Use one of: ${FULCIO_EXTENSION_NAMES.join(', ')}.`
    }`;
  }
  return value.includes('{{')
    ? 'values are not filled in here. Write the value out; it is compared exactly.'
    : undefined;
}

function noValues(text: string): string | undefined {
  return text.includes('{{')
    ? 'values are not filled in here. Write it out.'
    : undefined;
}

function templateProblem(text: string): string | undefined {
  const unknown = templateNames(text).find(name => name !== 'repository');
  if (unknown !== undefined) {
    return `there is no value {{ ${unknown} }}. The only one is {{ repository }}.`;
  }
  return filled(text).includes('{{')
    ? 'a value in {{ }} is not closed. Write {{ repository }}.'
    : undefined;
}

function patternProblem(
  text: string,
  exact: string,
  patterns: PatternBudget,
): string | undefined {
  // Said once, of the first that is too much.
  if (patterns.isUsedUp) return undefined;
  if (!patterns.allows(text)) {
    return `up to here, the patterns of these policies are so many or so long that compiling them would hold everything up. Use ${exact} for exact values, and smaller repetitions than {1000}.`;
  }
  try {
    matchesWhole(filled(text), '');
    return undefined;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return `this is not a regular expression in RE2 syntax (${words}). Correct it, or use ${exact} for an exact value.`;
  }
}

function filled(text: string): string {
  return fillTemplate(text, { repository: 'owner/name' }, true) ?? text;
}
