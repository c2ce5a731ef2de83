import { parseEntityRef } from '@backstage/catalog-model';

/**
 * Name of an owner for a sentence: `team-checkout` of
 * `group:default/team-checkout`.
 */
export function ownerWords(ownerRef?: string): string | undefined {
  if (!ownerRef) return undefined;
  try {
    return parseEntityRef(ownerRef, {
      defaultKind: 'group',
      defaultNamespace: 'default',
    }).name;
  } catch {
    return ownerRef;
  }
}
