import { trustDocumentSchema } from '@cloudythings/backstage-plugin-sigstore-common';
import { z } from 'zod/v4';

type JsonSchema = {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
};

/** Names of the fields of each part of a document, by the part's place. */
type FieldsByPlace = Map<string, Set<string>>;

let remembered: FieldsByPlace | undefined;

/** Read off the schema once, when something is first misspelt. */
function fieldsByPlace(): FieldsByPlace {
  remembered ??= collect(
    z.toJSONSchema(trustDocumentSchema, { io: 'input' }) as JsonSchema,
    '',
    new Map(),
  );
  return remembered;
}

function collect(
  schema: JsonSchema,
  place: string,
  found: FieldsByPlace,
): FieldsByPlace {
  for (const one of schema.oneOf ?? []) collect(one, place, found);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    found.set(place, (found.get(place) ?? new Set()).add(name));
    const below = place === '' ? name : `${place}.${name}`;
    collect(inner, below, found);
    if (inner.items) collect(inner.items, `${below}[]`, found);
  }
  return found;
}

/**
 * Where a field that is not known was probably meant to be.
 *
 * @param around - the part of the document it stands in
 * @param siblings - the content of that part: what is there is not meant again
 */
export function placesOfField(
  around: readonly PropertyKey[],
  key: string,
  siblings: unknown,
): { here?: string; elsewhere?: string } {
  const place = around.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[]`;
    return path === '' ? String(part) : `${path}.${String(part)}`;
  }, '');
  const written = Object.keys(Object(siblings));
  const free = [...(fieldsByPlace().get(place) ?? [])].filter(
    name => !written.includes(name),
  );
  const here = closestTo(key, free);
  const [elsewhere] = [...fieldsByPlace()].flatMap(([other, names]) =>
    other !== place && names.has(key)
      ? [other || 'the top of the document']
      : [],
  );
  return { here, elsewhere };
}

/** The name that differs from a text by no more than a third of its letters. */
export function closestTo(
  text: string,
  names: readonly string[],
): string | undefined {
  if (text.length > 60) return undefined;
  const [best] = names
    .map(name => ({
      name,
      distance: distance(text.toLowerCase(), name.toLowerCase()),
    }))
    .filter(({ name, distance: d }) => d <= Math.max(1, name.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return best?.name;
}

/** How many letters to add, remove or exchange. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      next[j] = Math.min(
        row[j] + 1,
        next[j - 1] + 1,
        row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[to.length];
}
