import { RE2JS } from 're2js';

// A compiled expression takes some 60 kB.
const MAX_REMEMBERED = 200;
const MAX_REMEMBERED_LENGTH = 256;
const PLACEHOLDER = /\{\{\s*repository\s*\}\}/;
const TEMPLATE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9._-]+$/;
const SAMPLE_REPOSITORY = 'owner/name';

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

/**
 * Values that a rule may fill in; they never come from the entity's own text.
 *
 * @public
 */
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
 * @public
 */
export function fillTemplate(
  pattern: string,
  values: TemplateValues,
  escape: boolean,
): string | undefined {
  if (!pattern.includes('{{')) return pattern;
  let missing = false;
  const filled = pattern.replace(TEMPLATE, (_, name: string) => {
    const value = name === 'repository' ? repositoryOf(values) : undefined;
    if (value === undefined) {
      missing = true;
      return '';
    }
    return escape ? value.replaceAll('.', '\\.') : value;
  });
  return missing ? undefined : filled;
}

/**
 * What is no repository is never filled in. What is one holds only letters,
 * digits and `.`, `_`, `-`, `/`, of which a pattern reads only the dot as
 * anything but itself.
 */
function repositoryOf({ repository }: TemplateValues): string | undefined {
  return repository !== undefined && REPOSITORY.test(repository)
    ? repository
    : undefined;
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

/** Tells whether a whole text matches a pattern with these values filled in. */
export type Pattern = (values: TemplateValues, text: string) => boolean;

type Matcher = (text: string) => boolean;

const LITERAL = /^(?:[A-Za-z0-9:/@_~%=&#,;!-]|\\[./@:_-])*$/;
const ATOM =
  '(?:[A-Za-z0-9:/@_~%=&#,;!-]|\\\\[./@:_dw-]|\\.|\\[\\^?[A-Za-z0-9_./-]+\\])[*+?]?';
/** Characters, classes and flat groups, one after the other. */
const SEQUENCE = new RegExp(
  `^(?:${ATOM}|\\((?:\\?:)?(?:${ATOM}|\\|)*\\)[*+?]?)*$`,
);

/**
 * Compiles a pattern once for all values.
 *
 * Compiling an expression for every repository is most of the work of judging
 * a fleet. Where one value stands in a plain sequence, the text matches when
 * the value is in it and what is before and after matches what is before and
 * after: two expressions that are the same for every repository.
 *
 * @throws when it is no regular expression in RE2 syntax, or asks for a value
 *   that there is not
 */
export function compilePattern(pattern: string): Pattern {
  if (!pattern.includes('{{')) {
    const matches = compileWhole(pattern);
    return (_, text) => matches(text);
  }
  const sample = { repository: SAMPLE_REPOSITORY };
  const filledOnce = fillTemplate(pattern, sample, true);
  if (filledOnce === undefined) throw new Error('asks for an unknown value');
  RE2JS.compile(filledOnce);
  const [before, after, ...more] = pattern.split(PLACEHOLDER);
  if (more.length === 0 && SEQUENCE.test(before) && SEQUENCE.test(after)) {
    return around(
      remembering(compileWhole(before)),
      remembering(compileWhole(after)),
    );
  }
  return (values, text) => {
    const filled = fillTemplate(pattern, values, true);
    return filled !== undefined && matchesWhole(filled, text);
  };
}

function around(isBefore: Matcher, isAfter: Matcher): Pattern {
  return (values, text) => {
    const value = repositoryOf(values);
    if (value === undefined) return false;
    for (
      let at = text.indexOf(value);
      at >= 0;
      at = text.indexOf(value, at + 1)
    ) {
      if (
        isBefore(text.slice(0, at)) &&
        isAfter(text.slice(at + value.length))
      ) {
        return true;
      }
    }
    return false;
  };
}

/** What stands around a repository is the same for most of a fleet. */
function remembering(matches: Matcher): Matcher {
  const known = new Map<string, boolean>();
  return text => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = matches(text);
    if (known.size >= MAX_REMEMBERED) known.clear();
    if (text.length <= MAX_REMEMBERED_LENGTH) known.set(text, result);
    return result;
  };
}

function compileWhole(expression: string): Matcher {
  if (LITERAL.test(expression)) {
    const literal = expression.replaceAll('\\', '');
    return text => text === literal;
  }
  const compiled = RE2JS.compile(expression);
  return text => compiled.matches(text);
}

/**
 * Tells whether a whole reference matches a glob: `**` stands for any
 * characters, `*` for any but a slash, everything else for itself.
 *
 * @public
 */
export function matchesGlob(glob: string, reference: string): boolean {
  const wildcard = glob.indexOf('*');
  if (wildcard < 0) return glob === reference;
  if (!reference.startsWith(glob.slice(0, wildcard))) return false;
  if (glob.slice(wildcard) === '**') return true;
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
