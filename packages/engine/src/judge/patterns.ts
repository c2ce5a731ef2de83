import { RE2JS } from 're2js';

const MAX_REMEMBERED = 1000;
const TEMPLATE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9._-]+$/;
const remembered = new Map<string, RE2JS>();

/** Values that a rule may fill in; they never come from the entity's own text. */
export type TemplateValues = { repository?: string };

/** Names of the values that a pattern asks for, as they are written. */
export function templateNames(pattern: string): string[] {
  return [...pattern.matchAll(TEMPLATE)].map(([, name]) => name);
}

/**
 * Fills in `{{ repository }}`.
 *
 * @param escape - set for patterns: the value stands for itself
 * @returns undefined when a value is asked for that is not known
 */
export function fillTemplate(
  pattern: string,
  values: TemplateValues,
  escape: boolean,
): string | undefined {
  let missing = false;
  const filled = pattern.replace(TEMPLATE, (_, name: string) => {
    const value = name === 'repository' ? values.repository : undefined;
    if (value === undefined || !REPOSITORY.test(value)) {
      missing = true;
      return '';
    }
    return escape ? RE2JS.quote(value) : value;
  });
  return missing ? undefined : filled;
}

/**
 * Tells whether a whole text matches a regular expression in RE2 syntax, in
 * time linear in its length.
 *
 * @throws when the expression is not one
 */
export function matchesWhole(expression: string, text: string): boolean {
  return compile(expression).matches(text);
}

/**
 * Tells whether a whole reference matches a glob: `**` stands for any
 * characters, `*` for any but a slash, everything else for itself.
 */
export function matchesGlob(glob: string, reference: string): boolean {
  const expression = glob
    .split(/(\*\*|\*)/)
    .map(part => {
      if (part === '**') return '(?s:.*)';
      return part === '*' ? '[^/]*' : RE2JS.quote(part);
    })
    .join('');
  return matchesWhole(expression, reference);
}

function compile(expression: string): RE2JS {
  const known = remembered.get(expression);
  if (known) return known;
  const compiled = RE2JS.compile(expression);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(expression, compiled);
  return compiled;
}
