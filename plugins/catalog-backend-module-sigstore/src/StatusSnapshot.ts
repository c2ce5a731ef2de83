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

  /**
   * Reads what changed. When it throws, the snapshot is as it was before.
   *
   * @returns the entities whose status differs from before
   */
  async update(signal?: AbortSignal): Promise<string[]> {
    const startedAt = this.#now().toISOString();
    const full = this.#updatesToFullRead === 0;
    const next = full ? new Map() : new Map(this.#statuses);
    let cursor = full ? undefined : this.#cursor;
    const touched = new Set(full ? this.#statuses.keys() : []);

    let more = true;
    while (more) {
      const page = await this.#sigstore.getStatusChanges(
        { cursor },
        { credentials: await this.#auth.getOwnServiceCredentials(), signal },
      );
      for (const { entityRef, status } of page.items) {
        touched.add(entityRef);
        if (status) next.set(entityRef, status);
        else next.delete(entityRef);
      }
      // An unmoved cursor would be the same page again.
      more = page.more && page.cursor !== cursor;
      cursor = page.cursor;
    }

    const before = this.#statuses;
    this.#statuses = next;
    this.#cursor = cursor;
    this.#asOf = startedAt;
    this.#updatesToFullRead = full
      ? UPDATES_PER_FULL_READ - 1
      : this.#updatesToFullRead - 1;
    return [...touched].filter(ref => before.get(ref) !== next.get(ref));
  }

  /** Makes the next update a full read, for when a cursor was refused. */
  forgetCursor(): void {
    this.#updatesToFullRead = 0;
  }
}
