import { existsSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  ParsedReference,
  isSha256Digest,
  parseReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { UsageError } from '../UsageError';

/** What is to be checked, as it was named. */
export type NamedArtifact =
  | { type: 'digest'; digest: string }
  | { type: 'reference'; canonical: string; parsed: ParsedReference }
  /** A file on this machine, and the folders that reading it may touch. */
  | {
      type: 'file';
      canonical: string;
      parsed: Extract<ParsedReference, { type: 'file' }>;
      fileRoots: string[];
    };

/**
 * Tells what an artifact is from how it is written.
 *
 * @throws UsageError when it could be two things: a file in the sources must
 * not stand in for an image of that name; and for what lies in a bucket
 */
export function readArtifact(
  text: string,
  workingDirectory: string,
): NamedArtifact {
  if (text === '') throw new UsageError('The artifact is empty. Name one.');
  if (isSha256Digest(text)) return { type: 'digest', digest: text };
  if (/^sha(256|384|512):/.test(text)) {
    throw new UsageError(
      `"${text}" is not sha256: and 64 lower-case hexadecimal digits. Write the SHA-256 digest in full.`,
    );
  }
  if (/^(file:|\.{0,2}\/)/.test(text)) {
    return file(text.replace(/^file:/, ''), workingDirectory);
  }
  const result = parseReference(text);
  const isFile = existsSync(resolve(workingDirectory, text));
  if (!result.ok) {
    if (isFile) return file(text, workingDirectory);
    throw new UsageError(
      `There is no file "${text}" here, and as a reference it cannot be read: ${result.problem}. Write a file, an image such as registry.example.com/app:1.0, or sha256:… in full.`,
    );
  }
  if (isFile) {
    throw new UsageError(
      `"${text}" is the name of a file here and a reference as well. Write ./${text} for the file, or oci://${text} for what is in the registry.`,
    );
  }
  const { canonical, parsed } = result;
  if (parsed.type === 's3') {
    throw new UsageError(
      `"${text}" lies in a bucket, and buckets are not read here. Copy it and what lies beside it first, such as with aws s3 cp, and name the file.`,
    );
  }
  return { type: 'reference', canonical, parsed };
}

function file(name: string, workingDirectory: string): NamedArtifact {
  const path = resolve(workingDirectory, name);
  return {
    type: 'file',
    canonical: `file:${path}`,
    parsed: { type: 'file', path },
    fileRoots: [dirname(path), dirname(realOf(path))],
  };
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
