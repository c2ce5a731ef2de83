import { TestClock } from '../../__testUtils__/TestClock';
import { TestServer } from '../../__testUtils__/TestServer';
import { HostRule, OutboundClient } from '../../outbound';
import { CAPS } from '../caps';
import { collectEvidence } from '../collectEvidence';
import { CollectTarget, EvidenceSource } from '../evidence';
import { Hits, Trouble, TroubleName, TROUBLES } from './troubles';

const credentials = { username: 'robot', password: 'secret-of-the-test' };
const OTHER_HOST = 'healthy.acme.example';
const OTHER_EVIDENCE = `sha256:${'0'.repeat(64)}`;
const ALLOWED = 'allowed.acme.example';
// Sockets take a little more off a server than is read from them.
const SLACK_BYTES = 1024 * 1024;

/** Asks another host at the same time, for something of its own. */
const otherSource: EvidenceSource = {
  name: 'other',
  covers: () => true,
  async collect(target, { outbound, now }) {
    const url = `https://${OTHER_HOST}/evidence`;
    const get = () => outbound.get(url, { maxBytes: 100 });
    // The machine may be slow where requests have little time.
    const { body } = await get().catch(get).catch(get);
    const askedAt = now().toISOString();
    return {
      lookups: [{ source: 'other', outcome: 'found', askedAt }],
      evidence: [
        {
          digest: OTHER_EVIDENCE,
          mediaType: 'text/plain',
          bytes: body,
          source: 'other',
          artifactDigest: target.artifact.digest,
        },
      ],
      findings: [],
    };
  },
};

/** A source with one good piece of evidence at hand. */
export type TroubledSource = {
  source: EvidenceSource;
  target: CollectTarget;
  /** Digest of the evidence that it finds when there is no trouble. */
  finds: string;
};

/** Where a trouble means something else to one source. */
type Expected = Partial<Pick<Trouble, 'outcome' | 'cause' | 'nextDueAt'>> & {
  finds?: boolean;
};

/** What was seen of a source that went through a trouble. */
export type Seen = {
  /** Whether the good evidence was found. */
  finds: boolean;
  outcome: string | undefined;
  cause: string;
  nextDueAt: string | undefined;
  /** Whether a finding says the same as the lookup, where it must. */
  told: boolean;
  /** Whether another source, at another host, answered all the same. */
  othersAnswered: boolean;
  /** Connections to hosts that are not allowed. */
  strayConnections: number;
  /** Credentials that reached another host than the one they are for. */
  leaked: string[];
  /** Whether no more was read than the caps allow. */
  bounded: boolean;
};

/**
 * Runs one source through the troubles of `TROUBLES`, against a real server and
 * through the real outbound client. Nothing waits: the clock of the client is
 * put forward instead, and where no answer comes, 200 ms are enough. Use it as
 *
 * ```ts
 * describe('my source in trouble', () => {
 *   const world = new TroubledWorld({ host, prepare, expected: {…} });
 *   beforeEach(() => world.start());
 *   afterEach(() => world.stop());
 *   it('finds what is there without any', async () => {
 *     expect(await world.untroubled()).toMatchObject({ finds: true });
 *   });
 *   it.each(TROUBLE_NAMES)('%s', async name => {
 *     expect(await world.withstand(name)).toEqual(world.expected(name));
 *   });
 * });
 * ```
 */
export class TroubledWorld {
  readonly #options: {
    host: string;
    prepare: (server: TestServer) => TroubledSource | Promise<TroubledSource>;
    hits?: Hits;
    expected?: Partial<Record<TroubleName, Expected>>;
    hosts?: (server: TestServer) => HostRule[];
    onlyHints?: boolean;
  };
  #servers!: Record<'own' | 'forbidden' | 'allowed' | 'other', TestServer>;
  #outbound?: OutboundClient;

  /**
   * @param options - `host`: which host the source asks; `prepare` puts good
   * evidence on the server that stands for it; `hits`: which requests a trouble
   * hits (all of them otherwise), for sources that ask several questions;
   * `expected`: where a trouble means something else to this source than
   * `TROUBLES` says, with `finds: true` where it finds the good evidence still;
   * `hosts`: further allowed hosts that the source asks; `onlyHints`: a source
   * whose silence is told by its lookup alone
   */
  constructor(options: {
    host: string;
    prepare: (server: TestServer) => TroubledSource | Promise<TroubledSource>;
    hits?: Hits;
    expected?: Partial<Record<TroubleName, Expected>>;
    hosts?: (server: TestServer) => HostRule[];
    onlyHints?: boolean;
  }) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const [own, forbidden, allowed, other] = await Promise.all(
      Array.from({ length: 4 }, () => TestServer.start()),
    );
    other.on('/evidence', { body: 'of another source' });
    this.#servers = { own, forbidden, allowed, other };
  }

  async stop(): Promise<void> {
    await this.#outbound?.close();
    await Promise.all(Object.values(this.#servers).map(one => one.close()));
  }

  /** What is seen where nothing is wrong. */
  async untroubled(): Promise<Seen> {
    const troubled = await this.#options.prepare(this.#servers.own);
    return this.#collect(troubled, this.#client(), 'found');
  }

  /** What is seen of the source in a trouble. */
  async withstand(name: TroubleName): Promise<Seen> {
    const trouble: Trouble = TROUBLES[name];
    const { own, forbidden } = this.#servers;
    const troubled = await this.#options.prepare(own);
    const { answer } = trouble;
    const { hits = () => true } = this.#options;
    if (answer) {
      const surroundings = { forbidden, allowedHost: ALLOWED };
      own.intercept = request =>
        hits(request) ? answer(surroundings) : undefined;
    }
    const elsewhere = await trouble.endpoint?.(own.port);
    try {
      const client = this.#client(
        {
          ...(elsewhere ? { endpoint: elsewhere.url } : {}),
          allowPrivateAddress: trouble.allowPrivateAddress ?? true,
        },
        trouble.timeoutMs,
      );
      const { outcome } = this.#expectedOf(name);
      return await this.#collect(troubled, client, outcome);
    } finally {
      await elsewhere?.close();
    }
  }

  /** What must be seen of the source in a trouble, to compare with. */
  expected(name: TroubleName): unknown {
    const { outcome, cause, nextDueAt, finds } = this.#expectedOf(name);
    return {
      finds: finds ?? false,
      outcome,
      cause: expect.stringMatching(answers(outcome) ? /^$/ : cause),
      nextDueAt,
      told: true,
      othersAnswered: true,
      strayConnections: 0,
      leaked: [],
      bounded: true,
    };
  }

  #expectedOf(name: TroubleName): Trouble & { finds?: boolean } {
    return { ...TROUBLES[name], ...this.#options.expected?.[name] };
  }

  #client(
    rule: Partial<HostRule> = {},
    requestTimeoutMs?: number,
  ): OutboundClient {
    const { own, allowed, other } = this.#servers;
    const reached = (at: TestServer) => ({
      endpoint: at.url,
      allowPrivateAddress: true,
      credentials,
    });
    this.#outbound = OutboundClient.create({
      hosts: [
        { host: this.#options.host, ...reached(own), ...rule },
        { host: ALLOWED, ...reached(allowed) },
        { host: OTHER_HOST, ...reached(other) },
        ...(this.#options.hosts?.(own) ?? []),
      ],
      includeWellKnownHosts: false,
      requestTimeoutMs,
      clock: new TestClock(),
    });
    return this.#outbound;
  }

  async #collect(
    { source, target, finds }: TroubledSource,
    outbound: OutboundClient,
    outcome: string,
  ): Promise<Seen> {
    const now = () => new Date('2026-11-22T15:00:00Z');
    const { lookups, evidence, findings } = await collectEvidence(
      [source, otherSource],
      target,
      { outbound, fileRoots: [], now },
    );
    await outbound.close();
    const { own, forbidden, allowed } = this.#servers;
    await own.close();
    const asked = lookups.filter(lookup => lookup.source !== otherSource.name);
    const said = asked.find(one => one.outcome === outcome) ?? asked[0];
    const found = evidence.map(({ digest }) => digest);
    const details = findings.map(({ detail }) => detail);
    return {
      finds: found.includes(finds),
      outcome: said?.outcome,
      cause: said?.cause ?? '',
      nextDueAt: said?.nextDueAt,
      told:
        answers(outcome) ||
        details.includes(said?.cause) !== (this.#options.onlyHints ?? false),
      othersAnswered: found.includes(OTHER_EVIDENCE),
      strayConnections: forbidden.connections,
      leaked: allowed.requests.flatMap(one => one.authorization ?? []),
      bounded:
        own.bytesSent < CAPS.sourceBytes + SLACK_BYTES * own.requests.length,
    };
  }
}

function answers(outcome: string): boolean {
  return outcome === 'none' || outcome === 'found';
}
