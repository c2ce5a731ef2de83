/**
 * Hands a file to the browser to be saved. Never opens it: what is in it was
 * written by somebody else.
 */
export function saveFile(content: Blob, name: string): void {
  // As bytes, so that no browser thinks of showing it.
  const bytes = new Blob([content], { type: 'application/octet-stream' });
  const url = URL.createObjectURL(bytes);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read it only after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
