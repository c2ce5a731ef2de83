import {
  TrustDocument,
  durationMs,
  requirementOf,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { json as canonicalJson } from '@sigstore/core';
import { createHash } from 'crypto';
import { canonicalKey } from './policyKeys';

/**
 * Names what documents mean: the same for every way of writing the same, and
 * another as soon as one of them decides something else.
 */
export function digestOf(documents: readonly TrustDocument[]): string {
  const meanings = setOf(documents.map(meaningOf));
  const digest = createHash('sha256').update(canonical(meanings)).digest('hex');
  return `sha256:${digest}`;
}

function meaningOf(document: TrustDocument): unknown {
  const { kind, metadata } = document;
  if (document.kind === 'Distrust') {
    const { distrusted, reason } = document.spec;
    return {
      kind,
      metadata,
      spec: {
        ...windowOf(document.spec),
        reason,
        distrusted: setOf(
          distrusted.map(({ key, ...one }) => ({
            ...one,
            ...(key ? { key: canonicalKey(key.data) } : {}),
          })),
        ),
      },
    };
  }
  const { artifacts, evidence, authorities, maxAge, ...others } = document.spec;
  return {
    kind,
    metadata,
    spec: {
      repositoryFrom: 'managed-by-location',
      ...others,
      artifacts: setOf(artifacts),
      ...(evidence ? { evidence: setOf(evidence) } : {}),
      ...(maxAge ? { maxAge: durationMs(maxAge) ?? maxAge } : {}),
      authorities: setOf(
        authorities.map(authority => ({
          name: authority.name,
          require: requirementOf(authority),
          attestations: setOf(authority.attestations ?? []),
          ...windowOf(authority),
          ...(authority.keyless
            ? {
                keyless: {
                  ...authority.keyless,
                  identities: setOf(authority.keyless.identities),
                },
              }
            : {}),
          ...(authority.key
            ? {
                key: {
                  ...authority.key,
                  data: canonicalKey(authority.key.data),
                },
              }
            : {}),
        })),
      ),
    },
  };
}

function windowOf(window: { signedAfter?: string; signedBefore?: string }) {
  const { signedAfter, signedBefore } = window;
  return {
    ...(signedAfter ? { signedAfter: Date.parse(signedAfter) } : {}),
    ...(signedBefore ? { signedBefore: Date.parse(signedBefore) } : {}),
  };
}

/** Order and repetition mean nothing in lists of which one or all must hold. */
function setOf(values: readonly unknown[]): unknown[] {
  const distinct = new Map(values.map(value => [canonical(value), value]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, v]) => v);
}

function canonical(value: unknown): string {
  return canonicalJson.canonicalize(value);
}
