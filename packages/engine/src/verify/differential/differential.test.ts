import { Finding } from '@cloudythings/backstage-plugin-sigstore-common';
import fc from 'fast-check';
import { asEvidence } from '../__testUtils__/MockInstance';
import { verifyEvidence } from '../verifyEvidence';
import { anyChoices, mutate } from './__testUtils__/mutations';
import {
  Json,
  Source,
  casesPresent,
  sourcesFromCases,
  sourcesFromMock,
} from './__testUtils__/sources';
import { StockSigner } from './__testUtils__/stock';

/**
 * The only findings that evidence may have to which the library does not
 * object, and the rule of ours that each comes from.
 */
const STRICTER: { finding: Finding['code']; detail: RegExp; rule: string }[] = [
  {
    finding: 'log-proof-invalid',
    detail: /^the inclusion proof is about another tree than the log head$/,
    rule: 'A proof that repeats size and root of its tree must not contradict the log head it leads to',
  },
  {
    finding: 'evidence-malformed',
    detail: /^a number in the log entry is unreadable$/,
    rule: 'The index and time shown are those that are proved: plain decimals, within what JSON numbers hold',
  },
  {
    finding: 'format-unsupported',
    detail:
      /^the signature is over a digest of the kind HASH_ALGORITHM_UNSPECIFIED$/,
    rule: 'A digest that does not say of which kind it is binds nothing',
  },
  {
    finding: 'certificate-invalid',
    detail: /^what its authority did not sign is not what a certificate has/,
    rule: 'The frame of a certificate and its second mention of the algorithm are those of RFC 5280',
  },
];

/** How many changed bundles a seed makes. */
const RUNS = 1000;
const FIXED_SEED = 20_261_122;
const ANY_SEED = Math.floor(Math.random() * 2 ** 31);

type Outcome = 'both accept' | 'both refuse' | 'only ours refuses';

/**
 * Verifies with both; ours with the artifact's bytes or without.
 *
 * @throws when ours is laxer, or stricter without a rule
 */
function compare(source: Source, bundle: Json, withBytes: boolean): Outcome {
  const evidence = asEvidence(bundle);
  const { artifact, digest, otherDigests, profile } = source;
  const { facts, findings } = verifyEvidence(
    evidence,
    digest,
    profile,
    withBytes ? { bytes: artifact } : { otherDigests },
  );
  let stock: StockSigner | undefined;
  try {
    stock = source.stock.verify(evidence.bytes, artifact);
  } catch {
    stock = undefined;
  }
  if (!stock) {
    expect(facts).toBeUndefined();
    return 'both refuse';
  }
  if (facts) {
    const { identity, issuer } = facts.signer;
    expect({ identity, issuer }).toEqual(stock);
    return 'both accept';
  }
  expect(findings.filter(finding => !isStricter(finding))).toEqual([]);
  return 'only ours refuses';
}

function isStricter({ code, detail = '' }: Finding): boolean {
  return STRICTER.some(
    ({ finding, detail: words }) => finding === code && words.test(detail),
  );
}

const describeCases = casesPresent ? describe : describe.skip;

jest.setTimeout(240_000);

function compareAll(sources: () => Source[], runs: number) {
  it.each([true, false])('of each bundle as it is; bytes: %s', withBytes => {
    const outcomes = sources().map(source =>
      compare(source, source.bundle, withBytes),
    );

    expect(new Set(outcomes)).toContain('both accept');
    expect(new Set(outcomes)).toContain('both refuse');
  });

  it.each([FIXED_SEED, ANY_SEED])('of bundles changed by the seed %d', seed => {
    const outcomes: Record<string, number> = {};
    fc.assert(
      fc.property(fc.nat(), fc.nat(), anyChoices, (one, two, choices) => {
        const all = sources();
        const source = all[one % all.length];
        const other = all[two % all.length];
        const bundle = mutate(source.bundle, other.bundle, choices);
        const outcome = compare(source, bundle, choices.bit % 2 === 0);
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      }),
      { seed, numRuns: runs },
    );
    expect(outcomes['both refuse']).toBeGreaterThan(runs / 2);
    expect(outcomes['both accept']).toBeGreaterThan(runs / 100);
  });
}

describe('the same judgement as stock @sigstore/verify, or a stricter one', () => {
  describe('on bundles of an instance of ours', () => {
    let sources: Source[] = [];
    beforeAll(async () => {
      sources = await sourcesFromMock();
    });
    compareAll(() => sources, RUNS / 2);
  });

  describeCases('on signed cases made by others (../shared)', () => {
    let sources: Source[] = [];
    beforeAll(() => {
      sources = sourcesFromCases();
    });
    compareAll(() => sources, RUNS);
  });
});
