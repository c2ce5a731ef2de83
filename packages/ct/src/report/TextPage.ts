import { safeText } from './safeText';

const STYLES = {
  strong: [1, 22],
  faint: [2, 22],
  red: [31, 39],
  green: [32, 39],
  amber: [33, 39],
} as const;

/** How a line looks to a person; it says the same without. */
export type Style = keyof typeof STYLES;

/**
 * Text for a terminal. Whatever is written on it is made harmless first, so
 * that nobody has to remember where a piece of text is from.
 */
export class TextPage {
  readonly #coloured: boolean;
  readonly #lines: string[] = [];

  constructor(coloured: boolean) {
    this.#coloured = coloured;
  }

  /** Adds a line, indented by so many steps. */
  line(text: string, indent = 0, style?: Style): void {
    const safe = safeText(text);
    const [on, off] = style ? STYLES[style] : [];
    this.#lines.push(
      `${'  '.repeat(indent)}${
        this.#coloured && on !== undefined
          ? `\u001b[${on}m${safe}\u001b[${off}m`
          : safe
      }`,
    );
  }

  /** Adds an empty line. */
  gap(): void {
    this.#lines.push('');
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}
