/** Databases take a limited number of values in one statement. */
const CHUNK = 1000;

/**
 * Asks about many values in statements of a bounded size, one after the other,
 * and puts the answers together in the order of the values.
 */
export async function inChunks<V, R>(
  values: readonly V[],
  ask: (chunk: V[]) => PromiseLike<R[]>,
): Promise<R[]> {
  const answers: R[][] = [];
  for (let start = 0; start < values.length; start += CHUNK) {
    answers.push(await ask(values.slice(start, start + CHUNK)));
  }
  return answers.flat();
}

/** Writes about many values in statements of a bounded size. */
export async function eachChunk<V>(
  values: readonly V[],
  write: (chunk: V[]) => PromiseLike<unknown>,
): Promise<void> {
  await inChunks(values, async chunk => {
    await write(chunk);
    return [];
  });
}
