import { describeFinding } from '@cloudythings/backstage-plugin-sigstore-common';
import fc from 'fast-check';
import { asEvidence } from './verify/__testUtils__/MockInstance';
import {
  anyChoices,
  mutate,
} from './verify/differential/__testUtils__/mutations';
import {
  casesPresent,
  sourcesFromCases,
  sourcesFromMock,
} from './verify/differential/__testUtils__/sources';
import { verifyEvidence } from './verify/verifyEvidence';

jest.setTimeout(120_000);

describe('the words for a finding', () => {
  it('name every check of verification that makes it', async () => {
    const sources = [
      ...(await sourcesFromMock()),
      ...(casesPresent ? sourcesFromCases() : []),
    ];
    const seen = new Set<string>();
    const unnamed = new Set<string>();
    const look = (
      bundle: unknown,
      { digest, profile }: (typeof sources)[0],
    ) => {
      const { checks } = verifyEvidence(asEvidence(bundle), digest, profile);
      for (const { name, finding } of checks) {
        if (!finding) continue;
        const { code } = finding;
        const { foundBy } = describeFinding(code);
        seen.add(code);
        if (!foundBy.some(place => place === name || place === 'verify')) {
          unnamed.add(`${code} by ${name}`);
        }
      }
    };
    for (const source of sources) look(source.bundle, source);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), anyChoices, (one, two, choices) => {
        const source = sources[one % sources.length];
        const other = sources[two % sources.length];
        look(mutate(source.bundle, other.bundle, choices), source);
      }),
      { seed: 20_261_122, numRuns: 600 },
    );
    expect([...unnamed]).toEqual([]);
    expect(seen.size).toBeGreaterThan(10);
  });
});
