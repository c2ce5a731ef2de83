/**
 * Whether what stands for a reference is words: for what is not known by one,
 * such as what runs where nobody could look. References have no spaces.
 */
export function isWords(reference: string): boolean {
  return /\s/.test(reference);
}

/** Words as they begin a line. */
export function asTitle(words: string): string {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
