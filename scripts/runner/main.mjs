import { Problem } from './problem.mjs';
import { endAll } from './processes.mjs';

/**
 * Runs a command of the runner: ends what it started, shows a Problem as one
 * message, and leaves with the exit code it returns.
 */
export async function main(command) {
  let code;
  try {
    code = await command();
  } catch (error) {
    console.error(
      `\n${error instanceof Problem ? error.message : error.stack ?? error}`,
    );
    code = 1;
  }
  await endAll();
  process.exit(code);
}
