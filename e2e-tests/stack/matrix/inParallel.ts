/** More than two cores have work for, since most of the time is waiting for logs. */
const AT_ONCE = 4;

/** Does something with each item, a few at a time. */
export async function inParallel<T>(
  items: T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
