import { SourcePorts } from '../resolve';
import { bundleStore } from './bundleStore';
import { CAPS } from './caps';
import { CollectResult, CollectTarget, EvidenceSource } from './evidence';
import { Gathering } from './Gathering';
import { joined } from './joined';
import { ociSources } from './ociSources';
import { collectWithin } from './withinTime';

/**
 * The sources that need no configuration.
 *
 * @public
 */
export const builtInSources: EvidenceSource[] = [...ociSources(), bundleStore];

/**
 * Asks every source that covers a reference what evidence it has for the
 * artifact. Never throws: a source that fails, or takes longer than it may, is a
 * lookup without an answer, and does not keep the others from answering.
 *
 * The same evidence from two sources comes back twice, once for each place.
 *
 * @param sourceMs - how long one source may take
 *
 * @public
 */
export async function collectEvidence(
  sources: EvidenceSource[],
  target: CollectTarget,
  ports: SourcePorts,
  sourceMs: number = CAPS.sourceMs,
): Promise<CollectResult> {
  const covering = sources.filter(source => source.covers(target.reference));
  const askAll = (some: EvidenceSource[], about: CollectTarget) =>
    Promise.all(some.map(source => ask(source, about, ports, sourceMs)));
  const results = await askAll(
    covering.filter(({ afterOthers }) => !afterOthers),
    target,
  );
  const collected = results.flatMap(({ evidence }) => evidence);
  results.push(
    ...(await askAll(
      covering.filter(({ afterOthers }) => afterOthers),
      { ...target, collected },
    )),
  );
  return joined(results);
}

/** Sources may come from modules, whose promise not to throw is only a promise. */
async function ask(
  source: EvidenceSource,
  target: CollectTarget,
  ports: SourcePorts,
  sourceMs: number,
): Promise<CollectResult> {
  try {
    return await collectWithin(sourceMs, source, target, ports);
  } catch (error) {
    const gathering = new Gathering(source.name, target, ports.now());
    gathering.fail(error);
    return gathering.result();
  }
}
