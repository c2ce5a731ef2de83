import {
  CHECK_NAMES,
  Check,
  CheckName,
  Finding,
  compareStatuses,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { FailedCheck } from './FailedCheck';
import { UnreadForm } from './UnreadForm';

type Outcome = Omit<Check, 'name'> & {
  /** Nothing is wrong, but the library does not read it. */
  unread?: Finding;
};

/**
 * Which failed check explains the others, first to last, when several fail and
 * are equally bad: a changed signature also no longer fits its timestamp and
 * its log entry.
 */
const EXPLAINS: CheckName[] = [
  'format',
  'limits',
  'certificate-chain',
  'certificate-log',
  'signature',
  'timestamps',
  'log-inclusion',
  'log-entry-binding',
  'signing-time',
  'artifact-binding',
];

const NOT_REACHED: Outcome = { outcome: 'not-reached' };

/** Collects the outcomes of the checks of one verification. */
export class CheckRecord {
  readonly #outcomes = new Map<CheckName, Outcome>();
  readonly #disabled: ReadonlySet<CheckName>;

  constructor(disabled: ReadonlySet<CheckName>) {
    this.#disabled = disabled;
  }

  /**
   * Runs a check. Whatever it throws is a failure of this check.
   *
   * @returns what it returned; undefined when it failed
   */
  run<T>(name: CheckName, check: () => T): T | undefined {
    if (this.#disabled.has(name)) {
      this.#outcomes.set(name, { outcome: 'not-applicable' });
      return undefined;
    }
    try {
      const result = check();
      if (!this.failed(name)) {
        this.#outcomes.set(name, outcomeOf(result));
      }
      return result;
    } catch (error) {
      this.fail(name, findingOf(error));
      return undefined;
    }
  }

  fail(name: CheckName, finding: Finding) {
    this.#outcomes.set(name, { outcome: 'failed', finding });
  }

  failed(name: CheckName): boolean {
    return this.#outcomes.get(name)?.outcome === 'failed';
  }

  /**
   * Whether a check was made or switched off, and found nothing wrong. What
   * builds on it can then be checked, too.
   */
  held(name: CheckName): boolean {
    return isHeld(this.#outcomes.get(name)?.outcome);
  }

  /** Whether facts may come out: nothing is wrong, and nothing is unread. */
  allHeld(): boolean {
    return this.checks().every(({ outcome }) => isHeld(outcome));
  }

  checks(): Check[] {
    return CHECK_NAMES.map(name => {
      const { unread, ...outcome } = this.#outcomes.get(name) ?? NOT_REACHED;
      return unread
        ? { name, outcome: 'failed', finding: unread }
        : { name, ...outcome };
    });
  }

  /** Findings of the failed checks; the first is the one to show. */
  findings(): Finding[] {
    return EXPLAINS.flatMap(name => {
      const { unread, finding = unread } =
        this.#outcomes.get(name) ?? NOT_REACHED;
      return finding ? [finding] : [];
    }).sort((a, b) =>
      compareStatuses(statusOfFinding(a.code), statusOfFinding(b.code)),
    );
  }
}

function isHeld(outcome?: Check['outcome']): boolean {
  return outcome === 'passed' || outcome === 'not-applicable';
}

function outcomeOf(result: unknown): Outcome {
  if (result instanceof UnreadForm) {
    return { outcome: 'passed', unread: result.finding };
  }
  return {
    outcome:
      result === 'not-applicable' || result === 'not-reached'
        ? result
        : 'passed',
  };
}

function findingOf(error: unknown): Finding {
  if (error instanceof FailedCheck) return error.finding;
  // The text of an unforeseen error may come out of the evidence or name
  // internals; what it says is that the evidence could not be read.
  return { code: 'evidence-malformed', detail: 'the evidence cannot be read' };
}
