import { AuthService } from '@backstage/backend-plugin-api';
import { EntityStatus } from '@cloudythings/backstage-plugin-sigstore-common';
import { SigstoreService } from '@cloudythings/backstage-plugin-sigstore-node';

// The backend's rows may have been rebuilt or restored from a backup, which no
// cursor tells. One full read in so many updates finds out.
const UPDATES_PER_FULL_READ = 60;

/** The part of the service that a snapshot asks. */
export type StatusChangesReader = Pick<SigstoreService, 'getStatusChanges'>;

/** Where statuses are read from; each replica of the catalog has its own. */
export interface StatusSource {
  /** When the statuses were read last; undefined before the first time. */
  readonly asOf: string | undefined;
  statusOf(entityRef: string): EntityStatus | undefined;
  /**
   * A moment after the last change of an entity's status that was read, be it a
   * change and back; undefined when none was read.
   */
  changedBy(entityRef: string): string | undefined;
}

/**
 * Copy of all entity statuses in memory, kept up to date by asking for what
 * changed since the last time.
 */
export class StatusSnapshot implements StatusSource {
  readonly #sigstore: StatusChangesReader;
  readonly #auth: AuthService;
  readonly #now: () => Date;
  #statuses = new Map<string, EntityStatus>();
  readonly #changedBy = new Map<string, string>();
  #cursor: string | undefined;
  #asOf: string | undefined;
  #updatesToFullRead = 0;

  static create(options: {
    sigstore: StatusChangesReader;
    auth: AuthService;
    now?: () => Date;
  }): StatusSnapshot {
    return new StatusSnapshot(options);
  }

  private constructor(options: {
    sigstore: StatusChangesReader;
    auth: AuthService;
    now?: () => Date;
  }) {
    this.#sigstore = options.sigstore;
    this.#auth = options.auth;
    this.#now = options.now ?? (() => new Date());
  }

  /** The moment up to which every change is contained, at least. */
  get asOf(): string | undefined {
    return this.#asOf;
  }

  statusOf(entityRef: string): EntityStatus | undefined {
    return this.#statuses.get(entityRef);
  }

  changedBy(entityRef: string): string | undefined {
    return this.#changedBy.get(entityRef);
  }

  /**
   * Reads what changed. When it throws, the snapshot is as it was before.
   *
   * @returns the entities whose status differs from before
   */
  async update(signal?: AbortSignal): Promise<string[]> {
    const startedAt = this.#now().toISOString();
    const full = this.#updatesToFullRead === 0;
    const known = this.#cursor;
    // Also before a full read, which does not tell what changed and back.
    const news =
      known === undefined ? undefined : await this.#read(known, signal);
    const all = full ? await this.#read(undefined, signal) : undefined;

    const before = this.#statuses;
    const next = new Map(all ? [] : before);
    for (const page of [news, all]) {
      for (const [entityRef, status] of page?.changes ?? []) {
        if (status) next.set(entityRef, status);
        else next.delete(entityRef);
      }
    }
    const touched = new Set([
      ...(news?.changes.keys() ?? []),
      ...(all ? [...before.keys(), ...all.changes.keys()] : []),
    ]);
    const differing = [...touched].filter(
      ref => before.get(ref) !== next.get(ref),
    );
    const finishedAt = this.#now().toISOString();
    // Without a cursor, anything may have changed and back.
    const changed = (news ?? all)?.changes.keys() ?? [];
    for (const ref of [...changed, ...differing]) {
      this.#changedBy.set(ref, finishedAt);
    }
    this.#statuses = next;
    this.#cursor = (all ?? news)?.cursor;
    this.#asOf = startedAt;
    this.#updatesToFullRead = full
      ? UPDATES_PER_FULL_READ - 1
      : this.#updatesToFullRead - 1;
    return differing;
  }

  async #read(
    from: string | undefined,
    signal?: AbortSignal,
  ): Promise<{
    changes: Map<string, EntityStatus | undefined>;
    cursor: string | undefined;
  }> {
    const changes = new Map<string, EntityStatus | undefined>();
    let cursor = from;
    let more = true;
    while (more) {
      const page = await this.#sigstore.getStatusChanges(
        { cursor },
        { credentials: await this.#auth.getOwnServiceCredentials(), signal },
      );
      page.items.forEach(item => changes.set(item.entityRef, item.status));
      // An unmoved cursor would be the same page again.
      more = page.more && page.cursor !== cursor;
      cursor = page.cursor;
    }
    return { changes, cursor };
  }

  /** Makes the next update a full read, for when a cursor was refused. */
  forgetCursor(): void {
    this.#cursor = undefined;
    this.#updatesToFullRead = 0;
  }
}
