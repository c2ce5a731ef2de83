import { CharacterSet, characters, charactersOf, others } from './CharacterSet';
import { Language, Languages } from './Languages';

const DIGITS = characters([[0x30, 0x39]]);
const WORD = characters([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]);
const SPACES = charactersOf('\t\n\f\r ');
const CLASSES: Record<string, CharacterSet> = {
  d: DIGITS,
  D: others(DIGITS),
  w: WORD,
  W: others(WORD),
  s: SPACES,
  S: others(SPACES),
};
const CONTROLS: Record<string, string> = {
  t: '\t',
  n: '\n',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\u0007',
};
const NOT_NEWLINE = others(charactersOf('\n'));
const MOST_COPIES = 100;

/** What this reader does not know of RE2's syntax; nothing is said of it. */
class Unread extends Error {}

class Reader {
  readonly #languages: Languages;
  readonly #text: string[];
  #at = 0;

  constructor(languages: Languages, expression: string) {
    this.#languages = languages;
    this.#text = [...expression];
  }

  whole(): Language {
    const language = this.#either(true);
    if (this.#at < this.#text.length) throw new Unread();
    return language;
  }

  #either(outermost: boolean): Language {
    const parts = [this.#sequence(outermost)];
    while (this.#take('|')) parts.push(this.#sequence(outermost));
    return this.#languages.either(...parts);
  }

  #sequence(outermost: boolean): Language {
    const parts: Language[] = [];
    // The whole text is matched anyway.
    if (outermost) this.#take('^');
    while (this.#at < this.#text.length && !'|)'.includes(this.#next())) {
      if (outermost && this.#take('$')) {
        if (this.#at < this.#text.length && this.#next() !== '|') {
          throw new Unread();
        }
        break;
      }
      parts.push(this.#quantified(this.#atom()));
    }
    return this.#languages.sequence(...parts);
  }

  #quantified(part: Language): Language {
    const { empty } = this.#languages;
    let language = part;
    for (;;) {
      if (this.#take('*')) language = this.#languages.repeated(language);
      else if (this.#take('+')) {
        language = this.#languages.sequence(
          language,
          this.#languages.repeated(language),
        );
      } else if (this.#take('?')) {
        language = this.#languages.either(empty, language);
      } else {
        const counted = this.#counted(language);
        if (counted === undefined) return language;
        language = counted;
      }
      // Which match comes first makes no difference to what matches.
      this.#take('?');
    }
  }

  #counted(part: Language): Language | undefined {
    const rest = this.#text.slice(this.#at, this.#at + 12).join('');
    const [all, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(rest) ?? [];
    if (all === undefined) return undefined;
    this.#at += all.length;
    const from = Number(least);
    const to = most === '' ? from : Number(most);
    if (Math.max(from, to) > MOST_COPIES) throw new Unread();
    const copies = Array.from({ length: from }, () => part);
    const { empty } = this.#languages;
    let tail = comma && most === '' ? this.#languages.repeated(part) : empty;
    for (let count = from; count < to; count++) {
      tail = this.#languages.either(
        empty,
        this.#languages.sequence(part, tail),
      );
    }
    return this.#languages.sequence(...copies, tail);
  }

  #atom(): Language {
    const character = this.#text[this.#at];
    this.#at += 1;
    switch (character) {
      case '.':
        return this.#languages.one(NOT_NEWLINE);
      case '(':
        return this.#group();
      case '[':
        return this.#languages.one(this.#class());
      case '\\':
        return this.#languages.one(this.#escaped());
      case '^':
      case '$':
      case '*':
      case '+':
      case '?':
        throw new Unread();
      default:
        return this.#languages.text(character);
    }
  }

  #group(): Language {
    if (this.#take('?')) {
      const rest = this.#text.slice(this.#at).join('');
      const [opening] = /^(?::|P?<[A-Za-z0-9_]+>)/.exec(rest) ?? [];
      if (opening === undefined) throw new Unread();
      this.#at += opening.length;
    }
    const language = this.#either(false);
    if (!this.#take(')')) throw new Unread();
    return language;
  }

  #class(): CharacterSet {
    const negated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    for (let first = true; first || this.#next() !== ']'; first = false) {
      if (this.#at >= this.#text.length) throw new Unread();
      const from = this.#member();
      const [low] = from;
      const isRange = this.#next() === '-' && this.#text[this.#at + 1] !== ']';
      if (!isRange) {
        ranges.push(...from);
        continue;
      }
      this.#at += 1;
      const [high] = this.#member();
      ranges.push([low[0], high[1]]);
    }
    this.#at += 1;
    const set = characters(ranges);
    return negated ? others(set) : set;
  }

  #member(): CharacterSet {
    const character = this.#text[this.#at];
    if (character === '[' && this.#text[this.#at + 1] === ':') {
      throw new Unread();
    }
    this.#at += 1;
    return character === '\\' ? this.#escaped() : charactersOf(character);
  }

  #escaped(): CharacterSet {
    const character = this.#text[this.#at] ?? '';
    this.#at += 1;
    if (character in CLASSES) return CLASSES[character];
    if (character in CONTROLS) return charactersOf(CONTROLS[character]);
    if (/[A-Za-z0-9]/.test(character) || character === '') throw new Unread();
    return charactersOf(character);
  }

  #next(): string {
    return this.#text[this.#at] ?? '';
  }

  #take(character: string): boolean {
    if (this.#next() !== character) return false;
    this.#at += 1;
    return true;
  }
}

/**
 * The texts that an expression in RE2 syntax matches as a whole.
 *
 * @returns undefined where it uses something that is not read here, such as
 *   flags and word boundaries
 */
export function parseExpression(
  languages: Languages,
  expression: string,
): Language | undefined {
  try {
    return new Reader(languages, expression).whole();
  } catch (error) {
    if (error instanceof Unread) return undefined;
    throw error;
  }
}
