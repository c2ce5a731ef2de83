import { z } from 'zod/v4';
import { FINDING_CODES, findingSchema } from './findings';

const KNOWN: ReadonlySet<string> = new Set(FINDING_CODES);

/**
 * A finding as a backend gives it. One whose code came with a later release is
 * told by its name: it must not hide the status, and all other findings, from a
 * page or a program of this release.
 *
 * @public
 */
export const receivedFindingSchema = z.preprocess(
  (value: unknown) => (isOfLaterRelease(value) ? renamed(value) : value),
  findingSchema,
);

type Coded = { code: string; detail?: unknown };

function isOfLaterRelease(value: unknown): value is Coded {
  const { code } = (value ?? {}) as { code?: unknown };
  return typeof code === 'string' && !KNOWN.has(code);
}

function renamed({ code, detail, ...rest }: Coded) {
  const words = typeof detail === 'string' ? `${code}: ${detail}` : code;
  return { ...rest, code: 'finding-of-later-release', detail: words };
}
