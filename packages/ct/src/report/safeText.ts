const MAX_LENGTH = 2000;

/**
 * Controls, invisible format characters such as those that reverse the
 * direction of writing, separators of lines, and halves of characters.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;

/**
 * Makes text out of evidence, registries or policies fit for a terminal: one
 * line, nothing in it that the terminal would obey, nothing invisible.
 */
export function safeText(text: string): string {
  const shown =
    text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  return shown.replace(UNSAFE, escape);
}

/**
 * JSON that a terminal can show: the same value, with everything that it would
 * obey or hide written as an escape.
 */
export function safeJson(value: unknown): string {
  return JSON.stringify(value, null, 2)
    .split('\n')
    .map(line => line.replace(UNSAFE, jsonEscape))
    .join('\n');
}

function escape(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

function jsonEscape(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${unit}`;
  }).join('');
}
