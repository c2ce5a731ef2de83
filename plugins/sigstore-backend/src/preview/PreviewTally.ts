import {
  PolicyPreview,
  compareStatuses,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Verdict } from '@cloudythings/sigstore-engine';
import { Judgeable } from '../flow/judgeReference';

type Change = PolicyPreview['changes'][number];
type Shown = Change['from'];

/** Most artifacts that a list of the answer names. */
const LISTED = 1000;

/** Counts what policies would change, and keeps the worst of it. */
export class PreviewTally {
  #judged = 0;
  #changed = 0;
  #changes: Change[] = [];
  readonly #transitions = new Map<
    string,
    PolicyPreview['transitions'][number]
  >();
  readonly #needsVerification: PolicyPreview['needsVerification'] = {
    artifacts: 0,
    items: [],
  };

  /** Adds an artifact by what it is and what it would be. */
  add(item: Judgeable, before: Verdict, after: Verdict): void {
    this.#judged += 1;
    const [from, to] = [shown(before), shown(after)];
    if (from.status === to.status && from.mode === to.mode) return;
    this.#changed += 1;
    const key = JSON.stringify([from, to]);
    const transition = this.#transitions.get(key);
    if (transition) transition.artifacts += 1;
    else this.#transitions.set(key, { from, to, artifacts: 1 });
    const { findings, policies } = after;
    this.#changes.push({
      ...named(item),
      from,
      to: { ...to, findings, policies },
    });
    if (this.#changes.length >= 2 * LISTED) this.#changes = this.#worst();
  }

  /** Adds an artifact whose evidence would have to be verified first. */
  addUnverified(item: Judgeable): void {
    const { items } = this.#needsVerification;
    this.#needsVerification.artifacts += 1;
    if (items.length < LISTED) items.push(named(item));
  }

  /** What came out. */
  result(): Omit<PolicyPreview, 'policies' | 'distrusts' | 'warnings'> {
    return {
      judged: this.#judged,
      changed: this.#changed,
      transitions: [...this.#transitions.values()].sort(worstFirst),
      changes: this.#worst(),
      needsVerification: this.#needsVerification,
    };
  }

  #worst(): Change[] {
    return this.#changes
      .sort(
        (a, b) =>
          worstFirst(a, b) ||
          compareText(a.entityRef, b.entityRef) ||
          compareText(a.kind, b.kind) ||
          compareText(a.reference, b.reference),
      )
      .slice(0, LISTED);
  }
}

function shown({ status, mode }: Verdict): Shown {
  return { status, ...(mode ? { mode } : {}) };
}

function named({ declaration, basis }: Judgeable) {
  const { artifactId, entityRef, kind, reference } = declaration;
  return {
    id: artifactId,
    entityRef,
    kind,
    reference,
    ...(basis.digest ? { digest: basis.digest } : {}),
  };
}

type Transition = { from: Shown; to: Shown };

function worstFirst(a: Transition, b: Transition): number {
  return (
    compareStatuses(a.to.status, b.to.status) ||
    compareText(a.to.mode ?? 'warn', b.to.mode ?? 'warn') ||
    compareStatuses(b.from.status, a.from.status) ||
    compareText(a.from.mode ?? 'warn', b.from.mode ?? 'warn')
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
