// Control and format characters, except for tabs and line breaks: among them
// direction marks, zero-width characters and invisible tags.
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Makes characters visible that would hide or turn around the text around
 * them. Text out of evidence is written by whoever signed: a direction mark
 * could make one name look like another.
 *
 * @param text - any text out of evidence
 */
export function visibleText(text: string): string {
  return text.replace(
    HIDDEN,
    character => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
