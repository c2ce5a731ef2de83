/**
 * Loads a module of this package when it is needed. Modules in CommonJS come
 * wrapped where Node cannot see beforehand what they export, and that depends
 * on how they were built.
 */
export async function loadLate<T extends object>(
  load: () => Promise<T>,
): Promise<T> {
  const loaded = await load();
  return (loaded as { default?: T }).default ?? loaded;
}
