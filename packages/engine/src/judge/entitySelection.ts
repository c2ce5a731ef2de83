import { JsonObject } from '@backstage/types';
import {
  FilterPredicate,
  evaluateFilterPredicate,
} from '@backstage/filter-predicates';

/** A catalog filter predicate as a policy has it. */
type Predicate = Record<string, unknown>;

/**
 * Tells whether a catalog filter predicate selects an entity, by the catalog's
 * own rules as far as what it asks for is known. A document may hold a part of
 * what the catalog says: `omitted` then lists paths that were left out, `known`
 * the only ones that were not.
 *
 * @returns undefined where that depends on what is not known
 */
export function selects(
  predicate: Predicate,
  document: JsonObject | undefined,
): boolean | undefined {
  try {
    return decided(predicate, document);
  } catch {
    // Predicates are checked when they are loaded; a bad one selects nothing.
    return false;
  }
}

/** The fields of an entity that a predicate asks for, in alphabetical order. */
export function fieldsOf(predicate: Predicate): string[] {
  const fields = Object.entries(predicate ?? {}).flatMap(([key, value]) =>
    key.startsWith('$')
      ? [value].flat().flatMap(one => fieldsOf(one as Predicate))
      : [key],
  );
  return [...new Set(fields)].sort();
}

function decided(
  predicate: Predicate,
  document: JsonObject | undefined,
): boolean | undefined {
  if (document && !document.known && !document.omitted) {
    return evaluateFilterPredicate(predicate as FilterPredicate, document);
  }
  const entries = Object.entries(predicate);
  const [[operator, operand] = []] = entries.length === 1 ? entries : [];
  const each = () =>
    (operand as Predicate[]).map(one => decided(one, document));
  switch (operator) {
    case '$all':
      return all(each());
    case '$any':
      return opposite(all(each().map(opposite)));
    case '$not':
      return opposite(decided(operand as Predicate, document));
    default:
      return all(
        entries.map(([field, value]) =>
          isKnown(field, document)
            ? evaluateFilterPredicate(
                { [field]: value } as FilterPredicate,
                document,
              )
            : undefined,
        ),
      );
  }
}

function isKnown(
  field: string,
  document: JsonObject | undefined,
): document is JsonObject {
  if (document === undefined) return false;
  const { known, omitted = [] } = document;
  if (!Array.isArray(omitted)) return false;
  const isListed =
    known === undefined ||
    (Array.isArray(known) && known.some(path => isBelow(field, String(path))));
  return (
    isListed &&
    !omitted.some(
      path => isBelow(field, String(path)) || isBelow(String(path), field),
    )
  );
}

function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`);
}

/** No one thing is what all are; else, what is not known may be. */
function all(parts: (boolean | undefined)[]): boolean | undefined {
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

function opposite(part: boolean | undefined): boolean | undefined {
  return part === undefined ? undefined : !part;
}
