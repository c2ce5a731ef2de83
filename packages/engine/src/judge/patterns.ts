import { RE2JS } from 're2js';

// A compiled expression takes some 60 kB.
const MAX_REMEMBERED = 200;
const PLACEHOLDER = /\{\{\s*repository\s*\}\}/;
const TEMPLATE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9._-]+$/;

/** Compiled expressions; the longest unused one makes room. */
class Compiled {
  readonly #compiled = new Map<string, RE2JS>();
  readonly #compile: (text: string) => RE2JS;

  constructor(compile: (text: string) => RE2JS) {
    this.#compile = compile;
  }

  get(text: string): RE2JS {
    const compiled = this.#compiled.get(text) ?? this.#compile(text);
    this.#compiled.delete(text);
    this.#compiled.set(text, compiled);
    if (this.#compiled.size > MAX_REMEMBERED) {
      const [oldest] = this.#compiled.keys();
      this.#compiled.delete(oldest);
    }
    return compiled;
  }
}

const expressions = new Compiled(text => RE2JS.compile(text));
const globs = new Compiled(glob => RE2JS.compile(globExpression(glob)));

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
  return expressions.get(expression).matches(text);
}

/** Characters one after the other, each with at most one quantifier. */
const SEQUENCE = /^(?:(?:[A-Za-z0-9:/@_~%=&#,;!-]|\\[./@:_-]|\.)[*+?]?)*$/;

/**
 * Tells whether a whole text matches a pattern with its values filled in, as
 * `matchesWhole(fillTemplate(…))` would.
 *
 * Compiling an expression for every repository is most of the work of judging
 * a fleet. Where one value stands in a plain sequence, the text matches when
 * the value is in it and what is before and after matches what is before and
 * after: two expressions that are the same for every repository.
 */
export function matchesPattern(
  pattern: string,
  values: TemplateValues,
  text: string,
): boolean {
  const filled = fillTemplate(pattern, values, true);
  if (filled === undefined) return false;
  const [before, after, ...more] = pattern.split(PLACEHOLDER);
  const value = fillTemplate('{{ repository }}', values, false);
  if (
    after === undefined ||
    more.length > 0 ||
    value === undefined ||
    !SEQUENCE.test(before) ||
    !SEQUENCE.test(after)
  ) {
    return matchesWhole(filled, text);
  }
  for (
    let at = text.indexOf(value);
    at >= 0;
    at = text.indexOf(value, at + 1)
  ) {
    if (
      matchesWhole(after, text.slice(at + value.length)) &&
      matchesWhole(before, text.slice(0, at))
    ) {
      return true;
    }
  }
  return false;
}

/**
 * Tells whether a whole reference matches a glob: `**` stands for any
 * characters, `*` for any but a slash, everything else for itself.
 */
export function matchesGlob(glob: string, reference: string): boolean {
  return globs.get(glob).matches(reference);
}

function globExpression(glob: string): string {
  return glob
    .split(/(\*\*|\*)/)
    .map(part => {
      if (part === '**') return '(?s:.*)';
      return part === '*' ? '[^/]*' : RE2JS.quote(part);
    })
    .join('');
}
