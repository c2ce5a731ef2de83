import {
  MAX_REFERENCE_LENGTH,
  parseReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { RunningArtifact } from '@cloudythings/backstage-plugin-sigstore-node';
import { Observation } from '../../store/runningObservations';
import { indexable, storable } from '../../store/storable';

/** Most artifacts of one entity at one place that are recorded. */
const MAX_ARTIFACTS = 1000;

/** Most workloads that are named beside an artifact. */
const MAX_WORKLOADS = 3;

/** What an observer names, in the form in which it is recorded. */
export type SeenArtifact = Pick<
  Observation,
  'kind' | 'reference' | 'problem' | 'workload'
>;

/** Tells artifacts that run for one entity at one place apart. */
export const seenKey = ({
  kind,
  reference,
}: Pick<SeenArtifact, 'kind' | 'reference'>): string => `${kind} ${reference}`;

/**
 * Brings what an observer names into a form that can always be recorded: each
 * reference once, in canonical form, with what runs it. What is not known by a
 * reference is kept under words that no reference can be like. Beyond a limit,
 * one that is never green stands for all the rest.
 */
export function seenArtifacts(
  artifacts: readonly RunningArtifact[],
): SeenArtifact[] {
  const workloads = new Map<string, Set<string>>();
  const byKey = new Map<string, SeenArtifact>();
  for (const artifact of artifacts) {
    const seen = readable(artifact);
    const key = seenKey(seen);
    byKey.set(key, seen);
    const named = workloads.get(key) ?? new Set();
    if (artifact.workload) named.add(indexable(artifact.workload));
    workloads.set(key, named);
  }
  const all = [...byKey].map(([key, seen]) => {
    const workload = listed([...workloads.get(key)!].sort());
    return workload ? { ...seen, workload } : seen;
  });
  const [firstOmitted] = all.slice(MAX_ARTIFACTS);
  if (!firstOmitted) return all;
  return [
    ...all.slice(0, MAX_ARTIFACTS),
    {
      kind: firstOmitted.kind,
      reference: `everything after the first ${MAX_ARTIFACTS} that run there`,
      problem: `more than ${MAX_ARTIFACTS} artifacts run there, and ${MAX_ARTIFACTS} are read`,
    },
  ];
}

function readable({ kind, reference, problem }: RunningArtifact): SeenArtifact {
  const result = parseReference(reference);
  const trouble = problem ?? (result.ok ? undefined : result.problem);
  if (trouble === undefined && result.ok) {
    return { kind, reference: result.canonical };
  }
  const words = storable(reference.slice(0, MAX_REFERENCE_LENGTH));
  return {
    kind,
    // With a space in it, it is like nothing that anybody can declare.
    reference: /\s/.test(words) ? words : `${words} as it runs`,
    problem: storable(trouble!),
  };
}

function listed(workloads: string[]): string | undefined {
  const more = workloads.length - MAX_WORKLOADS;
  const named = workloads.slice(0, MAX_WORKLOADS).join('; ');
  return more > 0 ? `${named}; and ${more} more` : named || undefined;
}
