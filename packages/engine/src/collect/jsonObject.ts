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
