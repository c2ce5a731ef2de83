/** Longest text of an indexed column; PostgreSQL refuses rows with much longer ones. */
const MAX_INDEXED = 255;

/**
 * Makes text from outside storable: PostgreSQL refuses NUL characters, and one
 * hostile character must not keep a whole step from being written. Halves of
 * characters would come back as another text than was written.
 */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').replace(/\p{Cs}/gu, '\ufffd');
}

/** The same for text that goes into an indexed column, which has its limit. */
export function indexable(text: string): string {
  return storable(text.slice(0, MAX_INDEXED));
}
