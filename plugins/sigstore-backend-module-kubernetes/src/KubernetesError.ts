import { RunningAnswer } from '@cloudythings/backstage-plugin-sigstore-node';

/** A question to a cluster that was not answered, or not in full. */
export class KubernetesError extends Error {
  readonly outcome: Exclude<RunningAnswer['outcome'], 'complete'>;

  constructor(outcome: KubernetesError['outcome'], message: string) {
    super(message);
    this.name = 'KubernetesError';
    this.outcome = outcome;
  }
}
