import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { BUNDLE } from '../__testUtils__/TestRepository';
import { SourcePorts } from '../resolve';
import { CAPS } from './caps';
import { collectEvidence } from './collectEvidence';
import { DocumentSourceOptions, documentSource } from './documentSource';

const NAME = 'Acme signature store';
const digest = `sha256:${'a'.repeat(64)}`;
const bundle = { mediaType: BUNDLE, bytes: Buffer.from('{"a":1}') };

function collect(
  options: Partial<DocumentSourceOptions>,
  signal?: AbortSignal,
) {
  const parsed = parseReference('ghcr.io/acme/app:1');
  if (!parsed.ok) throw new Error(parsed.problem);
  const source = documentSource({
    name: NAME,
    covers: () => true,
    find: async () => ({ documents: [] }),
    ...options,
  });
  const artifact = { digest, mediaType: 'x', size: 1, children: [] };
  const now = () => new Date('2026-11-22T15:00:00Z');
  return collectEvidence(
    [source],
    { reference: parsed.parsed, artifact, known: new Set() },
    { now, signal } as Partial<SourcePorts> as SourcePorts,
  );
}

describe('documentSource', () => {
  it('gives what was found, bound to the digest that was asked about', async () => {
    const find = jest.fn(async () => ({ documents: [bundle] }));
    const result = await collect({ find });
    expect(find).toHaveBeenCalledWith(expect.objectContaining({ digest }));
    expect(result).toMatchObject({
      lookups: [{ source: NAME, outcome: 'found' }],
      evidence: [{ artifactDigest: digest, source: NAME, mediaType: BUNDLE }],
      findings: [],
    });
  });

  const failure = { outcome: 'refused' as const, cause: 'wants a login' };
  const throws = () => {
    throw new Error('broken');
  };
  it.each<[string, Partial<DocumentSourceOptions>, string, string[]]>([
    ['says that there is nothing', {}, 'none', []],
    [
      'could not look',
      { find: async () => ({ documents: [], failure }) },
      'refused',
      ['source-refused'],
    ],
    [
      'found something and could not look everywhere',
      { find: async () => ({ documents: [bundle], failure }) },
      'refused',
      ['source-refused'],
    ],
    [
      'fails in a way that nobody knows',
      {
        find: async () => ({
          documents: [],
          failure: { outcome: 'none' as never, cause: '?' },
        }),
      },
      'unreachable',
      ['source-unreachable'],
    ],
    ['throws', { find: throws }, 'unreachable', ['source-unreachable']],
    [
      'cannot tell whether it has anything',
      { covers: throws, find: throws },
      'unreachable',
      ['source-unreachable'],
    ],
    [
      'answers in no form',
      { find: async () => undefined as never },
      'unreachable',
      ['source-unreachable'],
    ],
    [
      'gives another format',
      {
        find: async () => ({
          documents: [
            { mediaType: 'application/x-notary', bytes: Buffer.of() },
          ],
        }),
      },
      'unsupported',
      ['format-unsupported'],
    ],
    [
      'gives too much at once',
      {
        find: async () => ({
          documents: [
            { ...bundle, bytes: new Uint8Array(CAPS.documentBytes + 1) },
            bundle,
          ],
        }),
      },
      'over-cap',
      ['evidence-over-cap'],
    ],
    [
      'gives too many',
      { find: async () => ({ documents: Array(129).fill(bundle) }) },
      'over-cap',
      ['evidence-over-cap'],
    ],
  ])('a source that %s', async (_, options, outcome, codes) => {
    const { lookups, findings } = await collect(options);
    expect(lookups).toMatchObject([{ source: NAME, outcome }]);
    expect(findings.map(({ code }) => code)).toEqual(codes);
  });

  it('does not wait for a source once the time is over', async () => {
    const stop = new AbortController();
    const find = () => {
      stop.abort();
      return new Promise<never>(() => {});
    };
    const { lookups } = await collect({ find }, stop.signal);
    expect(lookups).toMatchObject([
      { outcome: 'unreachable', cause: `${NAME} did not answer in time` },
    ]);
  });

  it('leaves nothing behind where a source throws at once', async () => {
    const stop = new AbortController();
    const find = () => {
      throw new Error('at once');
    };
    await collect({ find }, stop.signal);
    // What nobody handles fails this test.
    stop.abort();
    await new Promise(setImmediate);
  });

  it.each(['', 'Acme referrers', 'bundle beside the file'])(
    'cannot be called "%s"',
    name => {
      expect(() =>
        documentSource({
          name,
          covers: () => true,
          find: async () => failure as never,
        }),
      ).toThrow('cannot be called');
    },
  );
});
