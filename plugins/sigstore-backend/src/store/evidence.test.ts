import { LookupOutcome } from '@cloudythings/backstage-plugin-sigstore-common';
import { createHash } from 'node:crypto';
import { databaseIds, openTestDatabase } from '../__testUtils__/databases';
import { Clock } from '../__testUtils__/flow';
import {
  compressEvidence,
  readEvidenceFrom,
  saveEvidence,
  sightedEvidence,
} from './evidence';

jest.setTimeout(60_000);

const LOG = 'rekor.acme.example log search';
const REGISTRY = 'registry.acme.example referrers';
const artifact = { digest: `sha256:${'a'.repeat(64)}` };
const referenceId = 'reference';

function evidence(text: string, source: string) {
  const bytes = Buffer.from(text);
  const hex = createHash('sha256').update(bytes).digest('hex');
  return {
    digest: `sha256:${hex}`,
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    bytes,
    source,
    artifactDigest: artifact.digest,
  };
}

describe.each(databaseIds)('evidence on %s', id => {
  const clock = new Clock();

  async function sighting() {
    const knex = await openTestDatabase(id);
    const save = async (
      found: ReturnType<typeof evidence>[],
      outcomes: Record<string, LookupOutcome>,
    ) => {
      clock.advance(60_000);
      const askedAt = clock.now().toISOString();
      const compressed = await compressEvidence(found);
      await knex.transaction(tx =>
        saveEvidence(
          tx,
          { referenceId, artifact },
          compressed,
          Object.entries(outcomes).map(([source, outcome]) => ({
            source,
            outcome,
            askedAt,
          })),
          clock.now(),
        ),
      );
    };
    const there = async () => {
      const target = { referenceId, artifactDigest: artifact.digest };
      const seen = await sightedEvidence(knex, target);
      return seen.map(({ evidenceDigest }) => evidenceDigest);
    };
    return { knex, save, there };
  }

  it.each<[LookupOutcome, LookupOutcome, string[]]>([
    ['none', 'none', []],
    ['none', 'unsupported', ['logged']],
    ['none', 'unreachable', ['logged']],
    ['unreachable', 'none', ['attached']],
    ['unreachable', 'unsupported', ['attached', 'logged']],
  ])(
    'after a registry says %s and a log %s, there is still %j',
    async (registry, log, expected) => {
      const { save, there } = await sighting();
      const found = {
        attached: evidence('attached', REGISTRY),
        logged: evidence('logged', LOG),
      };
      await save(Object.values(found), { [REGISTRY]: 'found', [LOG]: 'found' });
      await save([], { [REGISTRY]: registry, [LOG]: log });
      const left = Object.entries(found)
        .filter(([name]) => expected.includes(name))
        .map(([, { digest }]) => digest);
      expect(await there()).toEqual(left.sort());
    },
  );

  it('of a source that is not asked any more is gone, whatever logs do not offer', async () => {
    const { save, there } = await sighting();
    await save([evidence('attached', REGISTRY)], { [REGISTRY]: 'found' });
    await save([], { other: 'unreachable', [LOG]: 'unsupported' });
    expect(await there()).toHaveLength(1);
    await save([], { other: 'none', [LOG]: 'unsupported' });
    expect(await there()).toEqual([]);
  });

  it('of one source is read again, gone or not, what holds first', async () => {
    const { knex, save } = await sighting();
    const junk = Array.from({ length: 70 }, (_, i) => evidence(`${i}`, LOG));
    await save([...junk, evidence('attached', REGISTRY)], { [LOG]: 'found' });
    const good = evidence('good', LOG);
    await save([good], { [LOG]: 'found' });
    const read = await readEvidenceFrom(knex, LOG, {
      referenceId,
      artifactDigest: artifact.digest,
      known: new Set([good.digest]),
    });
    expect(read).toHaveLength(64);
    expect(read[0]).toEqual({
      digest: good.digest,
      mediaType: good.mediaType,
      bytes: good.bytes,
    });
    const texts = new Set(read.map(({ bytes }) => bytes.toString()));
    expect(texts.has('attached')).toBe(false);
  });
});
