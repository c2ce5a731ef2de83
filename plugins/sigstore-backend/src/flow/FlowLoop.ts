import { stringifyError } from '@backstage/errors';
import {
  setTimeout as pause,
  setImmediate as nextTurn,
} from 'node:timers/promises';
import {
  TrustChangedError,
  publishReference,
} from '../publish/publishReference';
import {
  Claim,
  LeaseLostError,
  claimReference,
  giveBackLease,
  postpone,
  renewLease,
} from '../store/lease';
import { scheduleJudging } from '../store/references';
import { TrustInForce } from '../trust/TrustKeeper';
import { checkReference } from './checkReference';
import { FlowPorts } from './ports';
import { rejudge } from './rejudge';
import { CannotVerifyError, verifySighted } from './verifySighted';

const LEASE_MS = 60_000;
const IDLE_MS = 1_000;
// What waits for the same host does not ask it in the same moment.
const AFTER_PAUSE_MS = 30_000;

/**
 * The background work of one replica: takes what is due, a reference at a time,
 * and brings it through resolve, collect, verify, judge and publish. Any number
 * of replicas may run it on one database.
 */
export class FlowLoop {
  readonly #ports: FlowPorts;
  readonly #concurrency: number;
  readonly #stopped = new AbortController();
  #workers: Promise<void>[] = [];

  constructor(ports: FlowPorts, options: { concurrency: number }) {
    this.#ports = ports;
    this.#concurrency = options.concurrency;
  }

  /** Begins to work; returns at once. */
  start(): void {
    this.#workers = Array.from({ length: this.#concurrency }, () =>
      this.#work(),
    );
  }

  /** Ends the work; what was begun is given back for others to take. */
  async stop(): Promise<void> {
    this.#stopped.abort(new Error('The backend is shutting down'));
    await Promise.all(this.#workers);
  }

  /**
   * Does what is due longest. Never throws.
   *
   * @returns whether there was anything to do
   */
  async runOnce(): Promise<boolean> {
    const { knex, trust, logger, now } = this.#ports;
    try {
      const inForce = await trust.inForce();
      if (!inForce) return false;
      if (await rejudge(this.#ports, inForce)) return true;
      // SQLite answers without letting anybody else have a turn.
      await nextTurn();
      const claim = await claimReference(knex, {
        now: now(),
        leaseMs: LEASE_MS,
        generation: inForce.generation,
      });
      if (!claim) return false;
      await this.#process(claim, inForce);
      return true;
    } catch (error) {
      logger.error(`Background work was interrupted: ${stringifyError(error)}`);
      return false;
    }
  }

  async #work(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      if (await this.runOnce()) continue;
      await pause(IDLE_MS, undefined, { signal }).catch(() => {});
    }
  }

  async #process(claim: Claim, inForce: TrustInForce): Promise<void> {
    const ports = this.#ports;
    const { signal } = this.#stopped;
    const renewal = setInterval(() => this.#renew(claim), LEASE_MS / 3);
    try {
      const notBefore = claim.checkDue
        ? await checkReference(claim, inForce.set, ports, signal)
        : undefined;
      await nextTurn();
      await this.#verify(claim, inForce);
      await nextTurn();
      await publishReference(
        ports.knex,
        claim,
        inForce,
        couldCheck => this.#nextCheck(couldCheck, notBefore),
        ports.now(),
      );
    } catch (error) {
      await this.#giveBack(claim, inForce, error);
    } finally {
      clearInterval(renewal);
    }
  }

  // Without the means to verify, what is known of trust withdrawn meanwhile must
  // not stay: it is judged as not verified, and tried again soon.
  async #verify(claim: Claim, inForce: TrustInForce): Promise<void> {
    const ports = this.#ports;
    const { signal } = this.#stopped;
    try {
      await verifySighted(claim, inForce.set, ports, signal);
    } catch (error) {
      if (!(error instanceof CannotVerifyError)) throw error;
      ports.logger.warn(error.message);
      const until = new Date(ports.now().getTime() + ports.schedule.retryMs);
      await scheduleJudging(ports.knex, [claim.id], until);
    }
  }

  #renew(claim: Claim): void {
    const { knex, now, logger } = this.#ports;
    const until = new Date(now().getTime() + LEASE_MS);
    renewLease(knex, claim, until).catch(error =>
      logger.debug(`A lease was not renewed: ${stringifyError(error)}`),
    );
  }

  // Spread, so that what was found together is not looked up together for ever.
  #nextCheck(couldCheck: boolean, notBefore?: Date): Date {
    const { schedule, now, random } = this.#ports;
    const interval = couldCheck ? schedule.recheckMs : schedule.retryMs;
    const spread = random();
    const next = now().getTime() + interval * (0.9 + 0.2 * spread);
    const earliest = (notBefore?.getTime() ?? 0) + spread * AFTER_PAUSE_MS;
    return new Date(Math.max(next, earliest));
  }

  async #giveBack(
    claim: Claim,
    inForce: TrustInForce,
    error: unknown,
  ): Promise<void> {
    const { knex, now, schedule, logger } = this.#ports;
    if (error instanceof LeaseLostError) {
      logger.debug(error.message);
      return;
    }
    if (error instanceof TrustChangedError || this.#stopped.signal.aborted) {
      await giveBackLease(knex, claim);
      return;
    }
    logger.warn(
      `${
        claim.reference
      } was not checked and is tried again later: ${stringifyError(error)}`,
    );
    const until = new Date(now().getTime() + schedule.retryMs);
    await postpone(knex, claim, until, inForce.generation);
  }
}
