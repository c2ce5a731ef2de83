import { hash as digestOf } from 'node:crypto';
import {
  ArtifactKind,
  Signer,
  lineOf,
} from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * Stable name of (entity, kind, reference), usable in URLs.
 *
 * @param entityRef - full entity reference in lower case
 */
export function artifactId(
  entityRef: string,
  kind: ArtifactKind,
  reference: string,
): string {
  return hash([entityRef, kind, reference]).slice(0, 32);
}

/**
 * Stable name of (kind, reference, access): what is looked up once for all
 * entities that may ask for it alike.
 *
 * @param access - name of the credentials it is asked with; none when left out
 */
export function referenceId(
  kind: ArtifactKind,
  reference: string,
  access?: string,
): string {
  const asked = access ? [kind, reference, access] : [kind, reference];
  return hash(asked).slice(0, 32);
}

/** Stable name of an entity's line of artifacts: all versions of one thing. */
export function lineId(
  entityRef: string,
  kind: ArtifactKind,
  reference: string,
): string {
  return hash([entityRef, kind, lineOf(reference)]).slice(0, 32);
}

/**
 * Stable name of a signer. The same identity under another issuer or trusted
 * root is another signer.
 */
export function signerId(
  signer: Pick<Signer, 'trustedRoot' | 'issuer' | 'identity'>,
): string {
  return hash([signer.trustedRoot, signer.issuer, signer.identity]);
}

/** SHA-256 in hexadecimal over the canonical JSON of a value. */
export function hash(value: unknown): string {
  return digestOf('sha256', canonicalJson(value), 'hex');
}

/**
 * JSON with the keys of every object sorted and absent values left out, so that
 * equal values give equal text. Thousands of verdicts are compared in this form
 * at a time, so it is written for speed.
 */
export function canonicalJson(value: unknown): string {
  return write(value) ?? 'null';
}

/** Undefined for what JSON has no form for. */
function write(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${value.map(item => write(item) ?? 'null').join(',')}]`;
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return write(value.toJSON());
  }
  const fields: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const text = write((value as Record<string, unknown>)[key]);
    if (text !== undefined) fields.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${fields.join(',')}}`;
}

/**
 * A list in the order of the names of its items. Rows that several transactions
 * write are written in it, so that two of them never wait for each other.
 */
export function inOrder<T>(items: Iterable<T>, name: (item: T) => string): T[] {
  return [...items]
    .map(item => ({ item, key: name(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}
