import { LoggerService } from '@backstage/backend-plugin-api';
import { ResponseError } from '@backstage/errors';
import { StatusRefresher } from './StatusRefresher';
import { StatusSnapshot } from './StatusSnapshot';

/**
 * One turn of the module: bring the snapshot up to date, then have changed
 * entities processed again. Runs on every replica, since each has a snapshot
 * of its own; the replica that learns of a change last asks last, so that the
 * last processing knows it.
 */
export class StatusPoll {
  readonly #snapshot: StatusSnapshot;
  readonly #refresher: StatusRefresher;
  readonly #logger: LoggerService;
  #failing = false;

  constructor(options: {
    snapshot: StatusSnapshot;
    refresher: StatusRefresher;
    logger: LoggerService;
  }) {
    this.#snapshot = options.snapshot;
    this.#refresher = options.refresher;
    this.#logger = options.logger;
  }

  /** Never throws: the next turn tries again. */
  async run(signal?: AbortSignal): Promise<void> {
    try {
      this.#refresher.add(await this.#snapshot.update(signal));
      await this.#refresher.flush();
      if (this.#failing) {
        this.#logger.info('Signature statuses are being read again');
      }
      this.#failing = false;
    } catch (error) {
      if (error instanceof ResponseError && error.statusCode === 400) {
        this.#snapshot.forgetCursor();
      }
      this.#report(error);
    }
  }

  #report(error: unknown) {
    const message = `Signature statuses could not be read; the catalog keeps those it has: ${error}`;
    // One line per outage, not one per turn.
    if (this.#failing) this.#logger.debug(message);
    else this.#logger.warn(message);
    this.#failing = true;
  }
}
