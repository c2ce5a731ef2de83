import { RunningAnswer } from '@cloudythings/backstage-plugin-sigstore-node';

/** A question to a cluster that was not answered, or not in full. */
export class KubernetesError extends Error {
  readonly outcome: Exclude<RunningAnswer['outcome'], 'complete'>;
  /** Whether nothing came within the time limit of a question. */
  readonly timedOut: boolean;

  constructor(
    outcome: KubernetesError['outcome'],
    message: string,
    { timedOut = false }: { timedOut?: boolean } = {},
  ) {
    super(message);
    this.name = 'KubernetesError';
    this.outcome = outcome;
    this.timedOut = timedOut;
  }
}
