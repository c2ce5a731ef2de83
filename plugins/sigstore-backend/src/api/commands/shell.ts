/** A command taken apart: quoted where its words come from outside. */
export type Words = string[];

/** Writes a command, one option a line. */
export function lines(words: Words): string {
  return words.join(' \\\n  ');
}

/**
 * Quotes a word for a POSIX shell. Names, digests and identities come from
 * outside: nothing in them may end the quotation.
 */
export function quote(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}

/**
 * Whether a command can be pasted without surprise. Quotation does not help
 * against characters that a terminal acts on before any shell reads them: one
 * that ends a paste, and one that wipes what was typed, would run the rest.
 */
export function isPasteable(words: Words): boolean {
  return words.every(word => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(word));
}

/** A path that no program takes for an option, nor for anything but a path. */
export function operand(path: string): string {
  return path.startsWith('/') ? path : `./${path}`;
}
