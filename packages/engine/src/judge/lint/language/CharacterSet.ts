/** Code points, as ranges in order that do not touch. */
export type CharacterSet = readonly (readonly [number, number])[];

const LAST = 0x10ffff;

/** A set of what lies in any of the ranges. */
export function characters(
  ranges: readonly (readonly [number, number])[],
): CharacterSet {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = merged[merged.length - 1];
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** The characters of a text. */
export function charactersOf(text: string): CharacterSet {
  return characters(
    [...text].map(one => {
      const code = one.codePointAt(0)!;
      return [code, code];
    }),
  );
}

/** Everything else. */
export function others(set: CharacterSet): CharacterSet {
  const rest: [number, number][] = [];
  let from = 0;
  for (const [start, end] of set) {
    if (start > from) rest.push([from, start - 1]);
    from = end + 1;
  }
  if (from <= LAST) rest.push([from, LAST]);
  return rest;
}

export function has(set: CharacterSet, code: number): boolean {
  return set.some(([from, to]) => from <= code && code <= to);
}

const READABLE = [...'x1/.@:-_'].map(one => one.codePointAt(0)!);

/** Where sets begin and end. */
export function starts(sets: readonly CharacterSet[]): number[] {
  const found = new Set([0]);
  for (const [from, to] of sets.flat()) {
    found.add(from);
    if (to < LAST) found.add(to + 1);
  }
  return [...found];
}

/**
 * One character of each part between some places; those that read well come
 * first.
 */
export function representatives(places: readonly number[]): number[] {
  const ordered = [...new Set(places)].sort((a, b) => a - b);
  const rank = (code: number) =>
    READABLE.includes(code) ? READABLE.indexOf(code) : READABLE.length;
  return ordered
    .map((from, index) => {
      const to = (ordered[index + 1] ?? LAST + 1) - 1;
      const readable = READABLE.find(code => from <= code && code <= to);
      return readable ?? Math.max(from, Math.min(to, 0x7e));
    })
    .sort((a, b) => rank(a) - rank(b));
}
