import { CharacterSet, has, representatives, starts } from './CharacterSet';

/** A set of texts. Two of the same algebra are one object where equal in form. */
export type Language = {
  readonly id: number;
  /** Whether the empty text is in it. */
  readonly nullable: boolean;
  readonly form:
    | { type: 'nothing' }
    | { type: 'empty' }
    | { type: 'one'; set: CharacterSet }
    | { type: 'sequence'; first: Language; rest: Language }
    | { type: 'either'; parts: readonly Language[] }
    | { type: 'not'; part: Language }
    | { type: 'repeated'; part: Language };
};

/** Looking for an answer took too long. */
export const UNDECIDED = Symbol('undecided');

/** How many states a question may take before it stays open. */
const MOST_STATES = 4_000;

/** How many steps all questions may take, and what they are asked of. */
const MOST_STEPS = 400_000;

/** The steps are used up: nothing more is looked at. */
export class StepsUsedUp extends Error {}

/**
 * Regular languages with intersection and complement, by Brzozowski's
 * derivatives: exactly what two patterns have in common, or what one matches
 * and the other does not.
 */
export class Languages {
  readonly #known = new Map<string, Language>();
  readonly #derivatives = new Map<Language, Map<number, Language>>();
  readonly #starts = new Map<Language, string>();
  readonly #kinds = new Map<string, readonly number[]>();
  #steps = 0;
  readonly nothing = this.#make('0', false, { type: 'nothing' });
  readonly empty = this.#make('1', true, { type: 'empty' });
  readonly everything = this.not(this.nothing);

  /**
   * Counts steps: of each text, pattern, comparison and state, so that the work
   * is bounded whichever of them there are many of.
   *
   * @throws StepsUsedUp
   */
  take(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw new StepsUsedUp();
  }

  one(set: CharacterSet): Language {
    if (set.length === 0) return this.nothing;
    return this.#make(`c${JSON.stringify(set)}`, false, { type: 'one', set });
  }

  text(text: string): Language {
    return this.sequence(
      ...[...text].map(character => {
        const code = character.codePointAt(0)!;
        return this.one([[code, code]]);
      }),
    );
  }

  sequence(...parts: Language[]): Language {
    return parts.reduceRight(
      (rest, first) => this.#pair(first, rest),
      this.empty,
    );
  }

  either(...parts: Language[]): Language {
    const flat = this.#flat(parts).filter(one => one !== this.nothing);
    if (flat.includes(this.everything)) return this.everything;
    if (flat.length < 2) return flat[0] ?? this.nothing;
    const nullable = flat.some(one => one.nullable);
    const key = `|${flat.map(({ id }) => id)}`;
    return this.#make(key, nullable, { type: 'either', parts: flat });
  }

  not(part: Language): Language {
    if (part.form.type === 'not') return part.form.part;
    return this.#make(`!${part.id}`, !part.nullable, { type: 'not', part });
  }

  repeated(part: Language): Language {
    if (part.form.type === 'repeated') return part;
    if (part === this.nothing || part === this.empty) return this.empty;
    return this.#make(`*${part.id}`, true, { type: 'repeated', part });
  }

  /**
   * A shortest text that is in each of some languages.
   *
   * @returns undefined where there is none
   */
  example(...parts: Language[]): string | undefined | typeof UNDECIDED {
    const states = [{ parts, text: '' }];
    const seen = new Set([keyOf(parts)]);
    for (const { parts: state, text } of states) {
      if (states.length > MOST_STATES) return UNDECIDED;
      if (state.every(one => one.nullable)) return text;
      for (const code of this.#representatives(state)) {
        this.take(1);
        const next = state.map(one => this.#after(one, code));
        const key = keyOf(next);
        if (!next.includes(this.nothing) && !seen.has(key)) {
          seen.add(key);
          states.push({
            parts: next,
            text: text + String.fromCodePoint(code),
          });
        }
      }
    }
    return undefined;
  }

  /** A character of each kind that the languages tell apart at their start. */
  #representatives(parts: readonly Language[]): readonly number[] {
    const key = parts.map(one => this.#startsOf(one)).join();
    const known =
      this.#kinds.get(key) ?? representatives(key.split(',').map(Number));
    this.#kinds.set(key, known);
    return known;
  }

  /** Written out, because it is compared. */
  #startsOf(language: Language): string {
    const known = this.#starts.get(language);
    if (known !== undefined) return known;
    const sets = firstSets(language);
    this.take(sets.length);
    const found = starts(sets).join();
    this.#starts.set(language, found);
    return found;
  }

  /** Whether every text of one is one of the other; false where it stays open. */
  within(inner: Language, outer: Language): boolean {
    return this.example(inner, this.not(outer)) === undefined;
  }

  /** What may follow a character. */
  #after(language: Language, code: number): Language {
    const known = this.#derivatives.get(language) ?? new Map();
    this.#derivatives.set(language, known);
    const found: Language = known.get(code) ?? this.#derive(language, code);
    known.set(code, found);
    return found;
  }

  #derive({ form }: Language, code: number): Language {
    this.take(1);
    switch (form.type) {
      case 'one':
        return has(form.set, code) ? this.empty : this.nothing;
      case 'sequence': {
        const { first, rest } = form;
        const inFirst = this.#pair(this.#after(first, code), rest);
        return first.nullable
          ? this.either(inFirst, this.#after(rest, code))
          : inFirst;
      }
      case 'either':
        return this.either(...form.parts.map(one => this.#after(one, code)));
      case 'not':
        return this.not(this.#after(form.part, code));
      case 'repeated':
        return this.#pair(
          this.#after(form.part, code),
          this.repeated(form.part),
        );
      default:
        return this.nothing;
    }
  }

  #pair(first: Language, rest: Language): Language {
    if (first === this.nothing || rest === this.nothing) return this.nothing;
    if (first === this.empty) return rest;
    if (rest === this.empty) return first;
    if (first.form.type === 'sequence') {
      return this.#pair(first.form.first, this.#pair(first.form.rest, rest));
    }
    const nullable = first.nullable && rest.nullable;
    const key = `.${first.id},${rest.id}`;
    return this.#make(key, nullable, { type: 'sequence', first, rest });
  }

  #flat(parts: readonly Language[]): Language[] {
    const inner = parts.flatMap(one =>
      one.form.type === 'either' ? one.form.parts : [one],
    );
    this.take(inner.length);
    return [...new Set(inner)].sort((a, b) => a.id - b.id);
  }

  #make(key: string, nullable: boolean, form: Language['form']): Language {
    this.take(1);
    const known = this.#known.get(key);
    if (known) return known;
    const made = { id: this.#known.size, nullable, form };
    this.#known.set(key, made);
    return made;
  }
}

function keyOf(parts: readonly Language[]): string {
  return parts.map(({ id }) => id).join();
}

/** Sets of characters that a text of the language may start with, or not. */
function firstSets({ form }: Language): CharacterSet[] {
  switch (form.type) {
    case 'one':
      return [form.set];
    case 'sequence':
      return form.first.nullable
        ? [...firstSets(form.first), ...firstSets(form.rest)]
        : firstSets(form.first);
    case 'either':
      return form.parts.flatMap(firstSets);
    case 'not':
    case 'repeated':
      return firstSets(form.part);
    default:
      return [];
  }
}
