import { duration } from './progress.mjs';

/** Counts the results of all stages of a test run. */
export class Tally {
  #stages = [];
  #count = key => this.#stages.reduce((sum, stage) => sum + stage[key], 0);

  /**
   * Runs a stage, which returns `{ passed, failed, skipped }`. A stage that
   * throws counts as one failure: nothing that ought to run is ever left out
   * in silence.
   */
  async stage(name, run) {
    const started = Date.now();
    let result;
    try {
      result = await run();
      if (result.passed + result.failed + result.skipped === 0)
        throw new Error('ran no test at all');
    } catch (error) {
      console.error(`\n${name}: ${error.message}\n`);
      result = { passed: 0, failed: 1, skipped: 0 };
    }
    const took = Date.now() - started;
    this.#stages.push({ name, took, ...result });
    console.log(`  ${line(result)} · ${name} (${duration(took)})`);
    return result;
  }

  get failed() {
    return this.#count('failed') > 0;
  }

  /** All stages, and as last line the sum. */
  toString() {
    return [
      '',
      ...this.#stages.map(
        stage => `${line(stage)} · ${stage.name} (${duration(stage.took)})`,
      ),
      '',
      line({
        passed: this.#count('passed'),
        failed: this.#count('failed'),
        skipped: this.#count('skipped'),
      }),
    ].join('\n');
  }
}

const line = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;
