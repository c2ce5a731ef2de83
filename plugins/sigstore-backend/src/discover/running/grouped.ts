/** Items by a name they have in common, in the order in which they came. */
export function grouped<T>(
  items: Iterable<T>,
  name: (item: T) => string,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = name(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
