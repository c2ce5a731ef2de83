import pLimit from 'p-limit';
import { SourcePorts } from '../../resolve';
import { CONCURRENCY } from '../attachedLayers';
import { recognizeBundle } from '../bundleMediaTypes';
import { Gathering } from '../Gathering';
import { attestationBundle } from './attestationBundle';
import { AttestationRecord } from './githubAnswers';
import { GithubInstance } from './GithubInstance';

/** Reads the bundles of attestations, a few at a time, and adds them in order. */
export async function readBundles(
  records: AttestationRecord[],
  { bundleHosts }: Pick<GithubInstance, 'bundleHosts'>,
  { outbound, signal }: SourcePorts,
  gathering: Gathering,
): Promise<void> {
  const reserve = (bytes: number) => gathering.reserve(bytes);
  const limit = pLimit(CONCURRENCY);
  const read = async (record: AttestationRecord) => {
    try {
      const options = { outbound, signal, bundleHosts, reserve };
      return await attestationBundle(record, options);
    } catch (error) {
      gathering.failOnPart(error);
      return undefined;
    }
  };
  const bundles = await Promise.all(
    records.map(record => limit(() => read(record))),
  );
  for (const bytes of bundles) {
    if (bytes) gathering.addBundle(recognizeBundle(bytes), bytes);
  }
}
