import { Lookup } from '@cloudythings/backstage-plugin-sigstore-common';
import { answeredSince, unanswered } from './lookupWords';

const at = '2026-11-22T12:00:00.000Z';
const lookup = (source: string, outcome: Lookup['outcome']): Lookup => ({
  source,
  outcome,
  askedAt: at,
  ...(outcome === 'none' ? { lastGoodAt: at } : {}),
});
const REGISTRY = 'ghcr.io referrers';
const LOG = 'rekor.acme.example log search';

describe('a log among the sources', () => {
  it.each<[Lookup['outcome'], number]>([
    ['none', 0],
    ['unsupported', 0],
    ['unreachable', 1],
  ])('that says %s leaves %d open', (outcome, open) => {
    const lookups = [
      lookup(REGISTRY, 'none'),
      lookup(LOG, outcome),
      lookup(`${LOG} of the index`, 'unsupported'),
    ];
    expect(unanswered(lookups)).toHaveLength(open);
    expect(answeredSince(lookups)).toBe(at);
  });

  it('is no excuse for another source', () => {
    const lookups = [lookup(REGISTRY, 'unsupported'), lookup(LOG, 'none')];
    expect(unanswered(lookups)).toHaveLength(1);
    expect(answeredSince(lookups)).toBeUndefined();
  });
});
