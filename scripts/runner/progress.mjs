const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const stillRunningEvery = 30_000;

/** A duration as a person would say it: `850 ms`, `12 s`, `2 min 5 s`. */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Runs one long step and shows that it is alive: a spinner on a terminal, a
 * line now and then elsewhere. Returns what `run` returns; throws what it
 * throws, after marking the step as failed.
 *
 * @template T
 * @param {string} title
 * @param {() => T | Promise<T>} run
 * @returns {Promise<T>}
 */
export async function step(title, run) {
  const started = Date.now();
  const elapsed = () => duration(Date.now() - started);
  const tty = process.stdout.isTTY;

  let frame = 0;
  const show = () =>
    tty
      ? process.stdout.write(
          `\r\u001b[K${
            frames[frame++ % frames.length]
          } ${title} (${elapsed()})`,
        )
      : console.log(`  still: ${title} (${elapsed()})`);
  const done = (mark, words = '') =>
    console.log(
      `${tty ? '\r\u001b[K' : ''}${mark} ${title} (${elapsed()})${words}`,
    );

  if (!tty) console.log(`… ${title}`);
  const timer = setInterval(show, tty ? 100 : stillRunningEvery);
  try {
    const result = await run();
    done('✓');
    return result;
  } catch (error) {
    done('✗');
    throw error;
  } finally {
    clearInterval(timer);
  }
}
