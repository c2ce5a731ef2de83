import { TestClock } from '../../__testUtils__/TestClock';
import { TestServer } from '../../__testUtils__/TestServer';
import { HostRule, OutboundClient } from '../../outbound';
import { CAPS } from '../caps';
import { collectEvidence } from '../collectEvidence';
import { CollectTarget, EvidenceSource } from '../evidence';
import { Hits, Trouble, TroubleName, TROUBLES } from './troubles';

const credentials = { username: 'robot', password: 'secret-of-the-test' };
const OTHER_ARTIFACT = 'healthy.acme.example';
const ALLOWED = 'allowed.acme.example';

/** A source with one good piece of evidence at hand. */
export type TroubledSource = {
  source: EvidenceSource;
  target: CollectTarget;
  /** Digest of the evidence that it finds when there is no trouble. */
  finds: string;
};

/**
 * Runs one source through every trouble of `TROUBLES`, against a real server
 * and through the real outbound client, and checks of each that
 *
 * - the lookup says what happened, in its outcome, its cause and its next try,
 *   or that the good evidence is found,
 * - another source, at another host, is asked and answers all the same,
 * - no credentials reach another host, and no host that is not allowed is
 *   contacted at all,
 * - no more is read than the caps allow.
 *
 * Nothing waits: the clock of the outbound client is put forward instead, and a
 * request may take 100 ms.
 *
 * @param options - `host`: which host the source asks; `prepare` puts good
 * evidence on the server that stands for it; `hits`: which requests the trouble
 * hits (all of them otherwise), for sources that ask several questions;
 * `expected`: where a trouble means something else to this source than
 * `TROUBLES` says, with `finds: true` where it finds the good evidence still
 */
export function describeTroubles(
  name: string,
  options: {
    host: string;
    prepare: (server: TestServer) => TroubledSource | Promise<TroubledSource>;
    hits?: Hits;
    expected?: Partial<
      Record<
        TroubleName,
        Partial<Pick<Trouble, 'outcome' | 'cause' | 'nextDueAt'>> & {
          finds?: boolean;
        }
      >
    >;
    /** Further allowed hosts that the source leads to. */
    hosts?: (server: TestServer) => HostRule[];
  },
): void {
  const { host, prepare, hits = () => true } = options;

  describe(`${name} in trouble`, () => {
    let server: TestServer;
    let forbidden: TestServer;
    let allowed: TestServer;
    let healthy: TestServer;
    let outbound: OutboundClient | undefined;

    beforeEach(async () => {
      [server, forbidden, allowed, healthy] = await Promise.all(
        Array.from({ length: 4 }, () => TestServer.start()),
      );
      healthy.on('/evidence', { body: 'of another artifact' });
    });

    afterEach(async () => {
      await outbound?.close();
      const servers = [server, forbidden, allowed, healthy];
      await Promise.all(servers.map(one => one.close()));
    });

    function client(rule: Partial<HostRule> = {}) {
      const reached = (at: TestServer) => ({
        endpoint: at.url,
        allowPrivateAddress: true,
        credentials,
      });
      outbound = OutboundClient.create({
        hosts: [
          { host, ...reached(server), ...rule },
          { host: ALLOWED, ...reached(allowed) },
          { host: OTHER_ARTIFACT, ...reached(healthy) },
          ...(options.hosts?.(server) ?? []),
        ],
        includeWellKnownHosts: false,
        requestTimeoutMs: 100,
        clock: new TestClock(),
      });
      return outbound;
    }

    async function collect(troubled: TroubledSource, via: OutboundClient) {
      const { source, target } = troubled;
      const now = () => new Date('2026-11-22T15:00:00Z');
      const ports = { outbound: via, fileRoots: [], now };
      const result = await collectEvidence([source, other], target, ports);
      const own = result.lookups.filter(lookup => lookup.source !== 'other');
      return { ...result, own };
    }

    it('finds what is there without any', async () => {
      const troubled = await prepare(server);
      const { own, evidence } = await collect(troubled, client());
      expect(evidence.map(({ digest }) => digest)).toContain(troubled.finds);
      expect(own.map(({ outcome }) => outcome)).toContain('found');
    });

    it.each(Object.keys(TROUBLES) as TroubleName[])('%s', async trouble => {
      const general: Trouble = TROUBLES[trouble];
      const expected = { ...general, ...options.expected?.[trouble] };
      const { finds = false } = { ...options.expected?.[trouble] };
      const troubled = await prepare(server);
      const { answer } = general;
      if (answer) {
        const surroundings = { forbidden, allowedHost: ALLOWED };
        server.intercept = request =>
          hits(request) ? answer(surroundings) : undefined;
      }
      const elsewhere = await general.endpoint?.(server.port);
      try {
        const { own, evidence, findings } = await collect(
          troubled,
          client({
            ...(elsewhere ? { endpoint: elsewhere.url } : {}),
            ...(general.allowPrivateAddress === false
              ? { allowPrivateAddress: false }
              : {}),
          }),
        );
        const found = evidence.map(({ digest }) => digest);
        expect(found.includes(troubled.finds)).toBe(finds);
        expect(own.map(({ outcome }) => outcome)).toContain(expected.outcome);
        if (expected.outcome !== 'none' && expected.outcome !== 'found') {
          const said = own.find(one => one.outcome === expected.outcome);
          expect(said?.cause).toMatch(expected.cause);
          expect(said?.nextDueAt).toBe(expected.nextDueAt);
          expect(findings.map(({ detail }) => detail)).toContain(said?.cause);
        }
        // The other source is not held up.
        expect(found).toContain(OTHER_EVIDENCE);
      } finally {
        await outbound?.close();
        await elsewhere?.close();
      }
      expect(forbidden.connections).toBe(0);
      expect(allowed.requests.filter(one => one.authorization)).toEqual([]);
      await server.close();
      // Sockets hold a little more than was asked for.
      expect(server.bytesSent).toBeLessThan(
        CAPS.sourceBytes + SLACK_BYTES * server.requests.length,
      );
    });
  });
}

const SLACK_BYTES = 1024 * 1024;
const OTHER_EVIDENCE = `sha256:${'0'.repeat(64)}`;

/** Asks another host at the same time, for something of its own. */
const other: EvidenceSource = {
  name: 'other',
  covers: () => true,
  async collect(target, { outbound, now }) {
    const url = `https://${OTHER_ARTIFACT}/evidence`;
    const { body } = await outbound.get(url, { maxBytes: 100 });
    return {
      lookups: [
        { source: 'other', outcome: 'found', askedAt: now().toISOString() },
      ],
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
