import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import {
  ActiveTrust,
  enforceTrust,
  newestGeneration,
} from '../store/trustGenerations';
import { TrustSet } from './loadTrustSet';
import { compareTrust, describeChanges } from './trustChanges';

/** What the keeper needs of its surroundings. */
export type TrustKeeperOptions = {
  knex: Knex;
  load: () => Promise<TrustSet>;
  replica: string;
  logger: LoggerService;
  now: () => Date;
};

/** The set a replica judges with, and the generation it is. */
export type TrustInForce = { set: TrustSet; generation: number };

/**
 * Holds the policies and trusted roots of this replica. Whatever set was loaded
 * last by any replica is in force for all; a replica that holds another one
 * does not judge until it has loaded that one, too.
 */
export class TrustKeeper {
  readonly #options: TrustKeeperOptions;
  #set: TrustSet;
  #warned: ReadonlySet<string> = new Set();
  #reported?: number;

  /**
   * Loads the set and puts it in force.
   *
   * @throws when the set cannot be loaded, naming what is wrong with it
   */
  static async create(options: TrustKeeperOptions): Promise<TrustKeeper> {
    const set = await options.load();
    await enforce(set, options);
    const keeper = new TrustKeeper(options, set);
    keeper.#warn(set);
    return keeper;
  }

  private constructor(options: TrustKeeperOptions, set: TrustSet) {
    this.#options = options;
    this.#set = set;
  }

  /** Trusted roots as this replica loaded them. */
  get profiles(): TrustSet['profiles'] {
    return this.#set.profiles;
  }

  /**
   * Loads the set again. A changed one is put in force; one that cannot be
   * loaded or recorded is reported and tried again with the next reload, and
   * the old one is kept.
   */
  async reload(): Promise<void> {
    const { load, logger } = this.#options;
    try {
      const set = await load();
      this.#warn(set);
      if (set.record.digest === this.#set.record.digest) return;
      // Kept only once it is in force: a set that was never recorded would
      // look unchanged at the next reload.
      await enforce(set, this.#options);
      this.#set = set;
    } catch (error) {
      logger.error(
        `Policies and trusted roots were not reloaded, the former ones are kept: ${error}`,
      );
    }
  }

  /** The set to judge with, or nothing while another set is in force. */
  async inForce(): Promise<TrustInForce | undefined> {
    const newest = await newestGeneration(this.#options.knex);
    if (newest?.digest === this.#set.record.digest) {
      return { set: this.#set, generation: newest.generation };
    }
    this.#report(newest);
    return undefined;
  }

  // Each warning once, and again only after it was gone.
  #warn({ warnings }: TrustSet): void {
    const { logger } = this.#options;
    const words = new Set(
      warnings.map(({ place, message }) => `${place}: ${message}`),
    );
    for (const one of words) if (!this.#warned.has(one)) logger.warn(one);
    this.#warned = words;
  }

  #report(newest: ActiveTrust | undefined): void {
    if (this.#reported === newest?.generation) return;
    this.#reported = newest?.generation;
    this.#options.logger.warn(
      `This replica holds other policies, trusted roots or another engine than generation ${newest?.generation}, which is in force; it does not judge until it has the same`,
    );
  }
}

async function enforce(
  set: TrustSet,
  { knex, replica, now, logger }: TrustKeeperOptions,
): Promise<void> {
  const { record, policies, distrusts, warnings } = set;
  const { generation, changes } = await enforceTrust(knex, record, {
    replica,
    now: now(),
    compare: before => compareTrust(before, record),
  });
  const roots = record.trustedRoots.map(root => root.name).join(', ');
  logger.info(
    `Generation ${generation} of policies and trusted roots is in force: ${policies.length} policies, ${distrusts.length} distrusts, ${warnings.length} warnings, trusted roots ${roots}`,
  );
  if (!changes) return;
  logger.info(
    `Generation ${generation} differs from the one before: ${describeChanges(
      changes,
    )}`,
  );
  if (changes.weaker.length > 0) {
    logger.warn(
      `Generation ${generation} lets more pass than the one before: ${changes.weaker.join(
        '; ',
      )}`,
    );
  }
}
