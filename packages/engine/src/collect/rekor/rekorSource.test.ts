import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { OutboundClient } from '../../outbound';
import { ResolvedArtifact, SourcePorts } from '../../resolve';
import {
  RekorServer,
  ServedEntry,
  entryOfBundle,
} from '../../transparency/__testUtils__/RekorServer';
import { leafHash } from '../../transparency/rekorEntry';
import { offeredThresholds } from '../../verify/offeredThresholds';
import { VerificationProfile, loadTrustedRoot } from '../../verify/trustedRoot';
import { verifyEvidence } from '../../verify/verifyEvidence';
import {
  MockInstance,
  digestOf,
  statementAbout,
} from '../../verify/__testUtils__/MockInstance';
import {
  SignedCase,
  casesPresent,
  readCase,
  readCaseFile,
  signedCases,
} from '../../verify/__testUtils__/signedCases';
import { CollectTarget, CollectedEvidence, StoredEvidence } from '../evidence';
import { rekorSource } from './rekorSource';
import { simpleSigningPayload } from './simpleSigningPayload';

type Json = Record<string, any>;

const SOURCE = 'rekor.acme.example log search';
const RETRIEVE = '/api/v1/log/entries/retrieve';
const ARTIFACT = Buffer.from('an artifact');
const DIGEST = digestOf(ARTIFACT);

const source = rekorSource({ url: 'https://rekor.acme.example' });
let server: RekorServer;
let ports: SourcePorts;

beforeAll(async () => {
  server = await RekorServer.start();
  ports = {
    outbound: OutboundClient.create({
      hosts: [
        {
          host: 'rekor.acme.example',
          endpoint: server.url,
          allowPrivateAddress: true,
        },
      ],
      includeWellKnownHosts: false,
    }),
    fileRoots: [],
    now: () => new Date('2026-11-22T12:00:00Z'),
  };
});

beforeEach(() => {
  server.clear();
  server.searches = true;
});

afterAll(async () => {
  await ports.outbound.close();
  await server.close();
});

function targetOf(
  artifact: Partial<ResolvedArtifact> & { digest: string },
  more: Partial<CollectTarget> = {},
): CollectTarget {
  const parsed = parseReference('registry.acme.example/app:1');
  if (!parsed.ok) throw new Error(parsed.problem);
  return {
    reference: parsed.parsed,
    artifact: { mediaType: '', size: 1, children: [], ...artifact },
    known: new Set(),
    ...more,
  };
}

const collect = (
  artifact: Partial<ResolvedArtifact> & { digest: string },
  more: Partial<CollectTarget> = {},
) => source.collect(targetOf(artifact, more), ports);

/** The same evidence as another source has it: without its log entry. */
function withoutLogEntry(bundle: Json): CollectedEvidence {
  const { verificationMaterial, ...rest } = bundle;
  const json = {
    ...rest,
    verificationMaterial: { ...verificationMaterial, tlogEntries: [] },
  };
  return {
    digest: 'sha256:elsewhere',
    mediaType: bundle.mediaType,
    bytes: Buffer.from(JSON.stringify(json)),
    source: 'registry.acme.example .att tag',
    artifactDigest: DIGEST,
  };
}

const describeCases = casesPresent ? describe : describe.skip;

describeCases('entries of the public log (../shared)', () => {
  const bundleOf = ({ bundle }: SignedCase): Json =>
    JSON.parse(readCaseFile(bundle).toString('utf8'));
  const firstOf = (wanted: string) =>
    signedCases().find(one => {
      if (one.expect !== 'verify' || one.key) return false;
      const [entry] = bundleOf(one).verificationMaterial.tlogEntries;
      const { kind, version } = entry?.kindVersion ?? {};
      return `${kind} ${version}` === wanted;
    })!;

  it.each([
    ['hashedrekord 0.0.1', { kept: false, elsewhere: false }],
    ['intoto 0.0.2', { kept: true, elsewhere: false }],
    ['intoto 0.0.2', { kept: false, elsewhere: true }],
    ['dsse 0.0.1', { kept: false, elsewhere: true }],
  ])(
    'of the kind %s become evidence that holds: %j',
    async (kind, { kept, elsewhere }) => {
      const signedCase = firstOf(kind);
      const bundle = bundleOf(signedCase);
      const { digest, otherDigests, profile } = readCase(signedCase);
      server.add(entryOfBundle(bundle, kept));
      const collected = elsewhere ? [withoutLogEntry(bundle)] : [];
      const { lookups, evidence, findings } = await collect(
        { digest, otherDigests },
        { collected },
      );
      expect(lookups).toMatchObject([{ source: SOURCE, outcome: 'found' }]);
      expect(findings).toEqual([]);
      expect(evidence).toHaveLength(1);
      const verified = verifyEvidence(evidence[0], digest, profile, {
        otherDigests,
      });
      expect(verified.findings).toEqual([]);
      expect(verified.facts?.signer).toMatchObject({
        identity: signedCase.identity,
        issuer: signedCase.issuer,
      });
      expect(verified.facts?.logEntries).toMatchObject([
        {
          logIndex:
            bundle.verificationMaterial.tlogEntries[0].logIndex.toString(),
        },
      ]);
    },
  );

  it.each(['intoto 0.0.2', 'dsse 0.0.1'])(
    'of the kind %s without what they say are told, and nothing more',
    async kind => {
      const signedCase = firstOf(kind);
      const { digest, otherDigests } = readCase(signedCase);
      server.add(entryOfBundle(bundleOf(signedCase)));
      const result = await collect({ digest, otherDigests });
      expect(result).toMatchObject({
        lookups: [{ source: SOURCE, outcome: 'none' }],
        evidence: [],
        findings: [{ code: 'log-content-unavailable' }],
      });
      expect(result.findings).toHaveLength(1);
    },
  );
});

describe('an instance of ours', () => {
  let mock: MockInstance;
  let profile: VerificationProfile;

  beforeAll(async () => {
    mock = await MockInstance.create('rekor.acme.example');
    const json = mock.trustedRoot();
    const thresholds = offeredThresholds(json);
    profile = loadTrustedRoot({ name: 'mock', json, thresholds });
  });

  const signed = async (artifact = ARTIFACT): Promise<ServedEntry> =>
    entryOfBundle(await mock.signMessage(artifact, { logs: [mock] }));

  it('finds what cosign 1 and 2 signed for an image, which is not its digest', async () => {
    const { reference } = targetOf({ digest: DIGEST });
    const payload = simpleSigningPayload(reference, DIGEST)!;
    server.add(await signed(payload));
    const { evidence } = await collect({ digest: DIGEST });
    expect(evidence).toHaveLength(1);
    const { facts, findings } = verifyEvidence(evidence[0], DIGEST, profile);
    expect(findings).toEqual([]);
    expect(facts?.content.type).toBe('simple-signing');
  });

  it('finds what was signed with annotations by the payload that a registry has', async () => {
    const { reference } = targetOf({ digest: DIGEST });
    const plain = JSON.parse(`${simpleSigningPayload(reference, DIGEST)}`);
    const payload = Buffer.from(
      JSON.stringify({ ...plain, optional: { build: '7' } }),
    );
    server.add(await signed(payload));
    const layer = (tlogEntries: unknown[]): CollectedEvidence => ({
      ...withoutLogEntry({}),
      bytes: Buffer.from(
        JSON.stringify({
          bundle: { verificationMaterial: { tlogEntries } },
          payload: payload.toString('base64'),
        }),
      ),
    });
    const found = await collect({ digest: DIGEST }, { collected: [layer([])] });
    expect(found.evidence).toHaveLength(1);
    // Where the entry came with the signature there is nothing to look for.
    const whole = await collect(
      { digest: DIGEST },
      { collected: [layer([1])] },
    );
    expect(whole.evidence).toEqual([]);
  });

  it('is searched for the indexes that list an image as well', async () => {
    const INDEX = digestOf(Buffer.from('an index'));
    server.add(await signed(Buffer.from('an index')));
    const { evidence, lookups } = await collect({
      digest: DIGEST,
      parents: [INDEX],
    });
    expect(evidence).toMatchObject([
      { artifactDigest: INDEX, source: `${SOURCE} of the index` },
    ]);
    expect(lookups.map(({ outcome }) => outcome)).toEqual(['none', 'found']);
  });

  it('leaves out what the log lists under what something else was made from', async () => {
    const other = Buffer.from('made from it');
    const bundle = await mock.signEnvelope(statementAbout(other));
    const entry = entryOfBundle(bundle);
    server.add({ ...entry, keys: [...entry.keys, DIGEST] });
    const elsewhere = [withoutLogEntry(bundle)];
    const result = await collect({ digest: DIGEST }, { collected: elsewhere });
    expect(result.evidence).toEqual([]);
    expect(result.findings).toEqual([]);
  });

  it('leaves out what a search gives though it is about another digest', async () => {
    const entry = await signed(Buffer.from('another'));
    server.add({ ...entry, keys: [DIGEST] });
    expect(await collect({ digest: DIGEST })).toMatchObject({
      lookups: [{ outcome: 'none' }],
      evidence: [],
      findings: [],
    });
  });

  it('says what kinds of entries it does not read, and does not fail by them', async () => {
    const bodies = ['{"kind":"helm","apiVersion":"0.0.1","spec":{}}', 'junk'];
    const entries = bodies.map(text => {
      const body = Buffer.from(text).toString('base64');
      const entry = {
        body,
        integratedTime: 1,
        logID: 'ab'.repeat(32),
        logIndex: 7,
      };
      return { uuid: leafHash(body), entry, keys: [DIGEST] };
    });
    server.add(...entries, await signed());
    const { evidence, findings } = await collect({ digest: DIGEST });
    expect(evidence).toHaveLength(1);
    expect(findings.map(({ detail }) => detail).sort()).toEqual([
      'entry 7: entries of the kind helm 0.0.1 are not read',
      'entry 7: its body cannot be read',
    ]);
  });

  it('says little of many entries that anybody could have logged', async () => {
    const kinds = ['helm', 'helm', 'helm', 'helm', 'jar', 'rpm', 'tuf', 'cose'];
    const entries = kinds.map((kind, index) => {
      const text = `{"kind":"${kind}","apiVersion":"0.0.1","spec":${index}}`;
      const body = Buffer.from(text).toString('base64');
      const entry = {
        body,
        integratedTime: 1,
        logID: 'ab'.repeat(32),
        logIndex: 7,
      };
      return { uuid: leafHash(body), entry, keys: [DIGEST] };
    });
    server.add(...entries);
    const { findings } = await collect({ digest: DIGEST });
    expect(findings).toHaveLength(4);
    expect(findings[0].detail).toBe(
      '4 entries (7, 7, 7, …): entries of the kind helm 0.0.1 are not read',
    );
    expect(findings[3].detail).toBe('2 entries (7, 7): other reasons');
  });

  describe('what was found before', () => {
    let stored: StoredEvidence[];
    const earlier = async (name: string) => (name === SOURCE ? stored : []);

    beforeEach(async () => {
      server.add(await signed());
      stored = (await collect({ digest: DIGEST })).evidence;
    });

    it('is the same evidence again, though the log proves it anew, and is not read twice', async () => {
      server.requests.splice(0);
      const again = await collect({ digest: DIGEST }, { earlier });
      expect(again.evidence.map(({ digest }) => digest)).toEqual([
        stored[0].digest,
      ]);
      expect(server.asked(RETRIEVE)).toEqual([]);
    });

    it.each(['a miss', 'a search switched off'])(
      'and held stays found after %s',
      async what => {
        if (what === 'a miss') server.clear();
        else server.searches = false;
        const known = new Set([stored[0].digest]);
        const sound = await collect({ digest: DIGEST }, { earlier, known });
        expect(sound.evidence).toHaveLength(1);
        const unknown = await collect({ digest: DIGEST }, { earlier });
        expect(unknown.evidence).toEqual([]);
      },
    );
  });

  it('a search that is switched off is no failure, and no miss', async () => {
    server.searches = false;
    expect(await collect({ digest: DIGEST })).toEqual({
      lookups: [
        {
          source: SOURCE,
          askedAt: '2026-11-22T12:00:00.000Z',
          outcome: 'unsupported',
          cause: 'rekor.acme.example offers no search',
        },
      ],
      evidence: [],
      findings: [],
    });
  });

  it('what the log lists and does not give is no miss', async () => {
    const entry = await signed();
    server.add(entry);
    server.withhold(entry.uuid);
    const { lookups, findings } = await collect({ digest: DIGEST });
    expect(lookups).toMatchObject([{ outcome: 'unreachable' }]);
    // What that means is for judge to say, since it is a hint that is missing.
    expect(findings).toEqual([]);
  });

  it('reads no more entries than the cap, and says so', async () => {
    const good = await signed();
    const junk = Array.from({ length: 200 }, (_, index) => {
      const body = Buffer.from(`junk ${index}`).toString('base64');
      return { uuid: leafHash(body), entry: { body }, keys: [DIGEST] };
    });
    server.add(...junk, good);
    const { lookups } = await collect({ digest: DIGEST });
    expect(lookups).toMatchObject([{ outcome: 'over-cap' }]);
    const asked = server.asked(RETRIEVE).flatMap(body => body.entryUUIDs);
    expect(asked).toHaveLength(128);
  });
});
