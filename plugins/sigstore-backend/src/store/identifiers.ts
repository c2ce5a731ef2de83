import { createHash } from 'node:crypto';
import {
  ArtifactKind,
  Signer,
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

/** Stable name of (kind, reference): what is looked up once for all entities. */
export function referenceId(kind: ArtifactKind, reference: string): string {
  return hash([kind, reference]).slice(0, 32);
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
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/**
 * JSON with the keys of every object sorted and absent values left out, so that
 * equal values give equal text.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : inner,
  );
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
