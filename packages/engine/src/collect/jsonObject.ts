/** Parses bytes that may be a JSON object; undefined for everything else. */
export function jsonObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const json = JSON.parse(bytes.toString('utf8'));
    return json && typeof json === 'object' && !Array.isArray(json)
      ? json
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether bytes are the start of a JSON object that ends too early, as when a server or
 * whoever wrote the file was interrupted. That says nothing about what was
 * meant, other than JSON that is broken in its midst.
 */
export function isCutShort(bytes: Buffer): boolean {
  const text = bytes.toString('utf8').trimEnd();
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    const message = (error as Error).message;
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    return (
      text.startsWith('{') &&
      (/^Unexpected end/.test(message) || Number(position) >= text.length)
    );
  }
}
