import type { Stack } from '../stack.ts';
import type { Case } from './cases.ts';
import type { LogRecord } from './cosignAnswer.ts';
import type { Means } from './means.ts';
import { signedFile } from './signedFile.ts';
import { signedImage } from './signedImage.ts';
import { type Way, isBlob } from './ways.ts';

/** Where what a way signed lies, for cosign and for the backend. */
export interface Signed {
  /** what cosign is given: the name of an image, or the path of a file */
  target(artifact: Case['artifact']): string;
  /** what an entity declares */
  reference(artifact: Case['artifact']): string;
  /** where cosign says which log entry it made */
  logged: LogRecord;
  /** path of the bundle of a file */
  bundle?: string;
}

/**
 * Makes two artifacts for a way of signing, has cosign sign the one, and puts
 * its evidence beside the other too.
 *
 * @param dir - for bundles; files are signed in `blobs` in it
 */
export async function signFor(
  way: Way,
  stack: Stack,
  means: Means,
  dir: string,
): Promise<Signed> {
  return isBlob(way)
    ? signedFile(way, means, dir)
    : signedImage(way, stack, means, dir);
}
