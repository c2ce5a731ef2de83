import { EntityStatus } from '@cloudythings/backstage-plugin-sigstore-common';
import { StatusChanges } from '@cloudythings/backstage-plugin-sigstore-node';

/** The rows behind `/status-changes`, in memory: each change gets a number. */
export class StatusRows {
  readonly #rows = new Map<string, { seq: number; status?: EntityStatus }>();
  #seq = 0;
  reads: { cursor?: string }[] = [];

  set(entityRef: string, status: EntityStatus | undefined) {
    this.#seq += 1;
    this.#rows.set(entityRef, { seq: this.#seq, ...(status && { status }) });
  }

  status(entityRef: string): EntityStatus | undefined {
    return this.#rows.get(entityRef)?.status;
  }

  read(query: { cursor?: string; limit?: number }): StatusChanges {
    this.reads.push({ ...query });
    const after = Number(query.cursor ?? 0);
    const limit = query.limit ?? 1000;
    const rows = [...this.#rows]
      .map(([entityRef, row]) => ({ entityRef, ...row }))
      .filter(row => row.seq > after)
      .sort((a, b) => a.seq - b.seq);
    const page = rows.slice(0, limit);
    return {
      items: page.map(({ entityRef, status }) => ({
        entityRef,
        ...(status && { status }),
      })),
      cursor: String(page.at(-1)?.seq ?? after),
      more: rows.length > page.length,
    };
  }
}
