/**
 * Runs `stop` once when this process is told to end, then ends it: with status 0
 * when ending is what it waited for, else with the signal's.
 */
export function stopOnSignal(
  stop: () => Promise<void>,
  expected: boolean,
): void {
  let isStopping = false;
  for (const [signal, number] of [
    ['SIGTERM', 15],
    ['SIGINT', 2],
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      stop().then(
        () => process.exit(expected ? 0 : 128 + number),
        error => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}
