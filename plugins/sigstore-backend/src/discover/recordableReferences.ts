import { DeclaredReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { storable } from '../store/storable';

/** Most references of one entity that are recorded and looked up. */
const MAX_REFERENCES = 1000;

/**
 * Brings what an entity declares into a form that can always be recorded. Texts
 * that are stored alike count once, as unreadable when one of them is. Beyond a
 * limit, one row that is never green stands for all the rest.
 */
export function recordableReferences(
  declared: DeclaredReference[],
): DeclaredReference[] {
  const byText = new Map<string, DeclaredReference>();
  for (const item of declared) {
    const reference = storable(item.reference);
    const stored = {
      ...item,
      reference,
      ...(item.problem ? { problem: storable(item.problem) } : {}),
    };
    const key = `${item.kind} ${reference}`;
    const alike = byText.get(key);
    if (!alike || (stored.problem && !alike.problem)) byText.set(key, stored);
  }
  const all = [...byText.values()];
  const [firstOmitted] = all.slice(MAX_REFERENCES);
  if (!firstOmitted) return all;
  const { kind, declaredBy } = firstOmitted;
  return [
    ...all.slice(0, MAX_REFERENCES),
    {
      kind,
      declaredBy,
      // Has spaces, so it is like nothing that anybody declares.
      reference: `everything after the first ${MAX_REFERENCES} references`,
      problem: `the entity declares ${all.length} references, and ${MAX_REFERENCES} are read`,
    },
  ];
}
