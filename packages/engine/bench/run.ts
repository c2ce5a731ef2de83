import { measureJudging } from './judging';
import { requireRefusals, soundSamples } from './samples';
import { measureThreads } from './threads';
import { measureVerification } from './verification';

/**
 * Measures, and prints one line of JSON for each measure. Prints none of them
 * when anything that has to be refused passes: a verification that is laxer is
 * no faster one.
 */
async function run() {
  await requireRefusals();
  const samples = await soundSamples();
  const { measures, milliseconds } = measureVerification(samples);
  const lines = [
    ...measures,
    ...(await measureThreads(samples)),
    measureJudging(samples, milliseconds),
  ];
  await requireRefusals();
  for (const line of lines) process.stdout.write(`${JSON.stringify(line)}\n`);
}

run().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
