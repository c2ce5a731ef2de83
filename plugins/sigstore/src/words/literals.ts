const MAX_LITERALS = 8;

/**
 * The texts that a pattern matches, when there are only a few: escaped
 * characters and optional ones, as in `release\.ya?ml`. Everything else a
 * pattern can say makes it match too many.
 *
 * @param pattern - anchored or not; RE2 syntax
 * @returns all of its texts, or undefined when it is not of that simple kind
 */
export function literalsOf(pattern: string): string[] | undefined {
  const source = pattern.replace(/^\^(?:\(\?:(.*)\)|(.*))\$$/, '$1$2');
  const pieces = source.match(/\\?[^]\??/gu) ?? [];
  let texts = [''];
  for (const piece of pieces) {
    const match = /^(?:\\([^\w\s])|([^\\.*+?^${}()|[\]]))(\??)$/u.exec(piece);
    if (!match) return undefined;
    const [, escaped, plain, optional] = match;
    const character = escaped ?? plain;
    const without = optional ? texts : [];
    texts = [...without, ...texts.map(text => text + character)];
    if (texts.length > MAX_LITERALS) return undefined;
  }
  return texts;
}
