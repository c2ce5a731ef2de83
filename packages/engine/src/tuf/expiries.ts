/**
 * Until when a role of a TUF repository vouches for what it signed.
 *
 * @public
 */
export type TufExpiry = { role: string; version: number; expires: string };

/**
 * When verified TUF metadata expires, soonest first. What cannot be read is
 * left out: it says nothing about time.
 *
 * @param metadata - text by file name, as `TufState` holds it
 * @public
 */
export function expiriesOf(metadata: Record<string, string>): TufExpiry[] {
  return Object.entries(metadata)
    .flatMap(([file, text]) => {
      const signed = signedPartOf(text);
      const time = Date.parse(String(signed?.expires));
      if (Number.isNaN(time)) return [];
      return {
        role: decodeURIComponent(file.replace(/\.json$/, '')),
        version: Number(signed?.version),
        expires: new Date(time).toISOString(),
      };
    })
    .sort((a, b) => (a.expires < b.expires ? -1 : 1));
}

function signedPartOf(
  text: string,
): { version?: unknown; expires?: unknown } | undefined {
  try {
    return JSON.parse(text).signed;
  } catch {
    return undefined;
  }
}
