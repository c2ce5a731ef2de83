const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

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
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
