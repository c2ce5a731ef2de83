/**
 * How much one source may give for one artifact. Each source has its own
 * share, so that flooding one of them does not keep the others from being read.
 */
export const CAPS = {
  /** A bundle, an envelope, a signed payload. */
  documentBytes: 8 * 1024 * 1024,
  /** All documents of one source together. */
  sourceBytes: 32 * 1024 * 1024,
  /** Pages of a list of referrers. */
  pages: 50,
  /** Entries of such a list, about. */
  listed: 20_000,
  /** Manifests or layers that are looked at. */
  examined: 128,
  /** Pieces of evidence that are kept. */
  kept: 32,
  /** Time of one source. */
  sourceMs: 3 * 60_000,
} as const;
