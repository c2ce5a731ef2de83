import { OutboundError } from '../../outbound';
import { SourcePorts } from '../../resolve';
import { RekorClient } from '../../transparency/RekorClient';
import { RekorEntry, leafOf } from '../../transparency/rekorEntry';
import { CAPS } from '../caps';
import {
  CollectResult,
  CollectTarget,
  EvidenceSource,
  StoredEvidence,
} from '../evidence';
import { Gathering } from '../Gathering';
import { joined } from '../joined';
import { relatedTargets } from '../relatedTargets';
import { logSearchName } from '../sourceNames';
import { assembleLogEntry } from './assembleLogEntry';
import { readEarlier } from './earlierEntries';
import { KnownContent } from './knownContent';
import { unreadEntries } from './unreadEntries';

/** Most questions for one artifact: a log gives one digest at a time. */
const MAX_SEARCHES = 8;

/**
 * A log to search.
 *
 * @public
 */
export type RekorSourceOptions = {
  /** Base URL, such as `https://rekor.sigstore.dev`; its host must be allowed. */
  url: string;
};

/**
 * Evidence in a Rekor log of version 1, found by searching it for the artifact's
 * digest, and by the digest of what cosign 1 and 2 signed for an image.
 *
 * A search is a hint (design rule 3.4): evidence is assembled from what the log
 * holds and verified like any other, what cannot be assembled is a notice, and a
 * miss means nothing, since the index is incomplete by its own documentation.
 * Entries that were verified before therefore stay, found again or not: a log
 * takes nothing back.
 *
 * @public
 */
export function rekorSource({ url }: RekorSourceOptions): EvidenceSource {
  const { host } = new URL(url);
  return {
    name: logSearchName(host),
    afterOthers: true,
    covers: () => true,
    async collect(target, ports) {
      const results = await Promise.all(
        relatedTargets(target).map(({ about, target: one }) =>
          searchFor(url, logSearchName(host, about), one, ports),
        ),
      );
      return joined(results);
    },
  };
}

async function searchFor(
  url: string,
  source: string,
  target: CollectTarget,
  ports: SourcePorts,
): Promise<CollectResult> {
  const gathering = new Gathering(source, target, ports.now());
  try {
    const earlier = await readEarlier(target, source);
    await search(url, { target, ports, gathering, earlier });
  } catch (error) {
    if (!offersNoSearch(error)) gathering.fail(error);
    else return withoutSearch(gathering.result(), error.message);
  }
  return asHints(gathering.result());
}

/**
 * What went wrong is in the lookup alone: whether a hint that was not given
 * matters is for judge to say.
 */
function asHints({ findings, ...rest }: CollectResult): CollectResult {
  return {
    ...rest,
    findings: findings.filter(({ code }) => code === 'log-content-unavailable'),
  };
}

function offersNoSearch(error: unknown): error is OutboundError {
  return error instanceof OutboundError && error.failure === 'unsupported';
}

function withoutSearch(result: CollectResult, cause: string): CollectResult {
  const [{ source, askedAt }] = result.lookups;
  return {
    ...asHints(result),
    lookups: [{ source, askedAt, outcome: 'unsupported', cause }],
  };
}

type Search = {
  target: CollectTarget;
  ports: SourcePorts;
  gathering: Gathering;
  /** Evidence that came of this log before, by leaf. */
  earlier: ReadonlyMap<string, StoredEvidence>;
};

async function search(
  url: string,
  { target, ports, gathering, earlier }: Search,
): Promise<void> {
  const client = new RekorClient({ url, outbound: ports.outbound });
  const known = new KnownContent(target);
  const uuids = new Map<string, string>();
  for (const stored of earlier.values()) {
    if (target.known.has(stored.digest)) addStored(stored, gathering);
  }
  const { searched } = known;
  if (searched.length > MAX_SEARCHES) {
    gathering.overCap('is not searched for all that was signed');
  }
  for (const digest of searched.slice(0, MAX_SEARCHES)) {
    for (const uuid of await client.searchByDigest(digest, ports)) {
      uuids.set(leafOf(uuid), uuid);
    }
  }
  const unknown: string[] = [];
  for (const [leaf, uuid] of uuids) {
    const stored = earlier.get(leaf);
    // The log signs and proves an entry anew each time it is asked. The bytes
    // that were verified are as good, and are the same evidence.
    if (stored) addStored(stored, gathering);
    else unknown.push(uuid);
  }
  if (unknown.length > CAPS.examined) {
    gathering.overCap('has more entries for this artifact than are read');
  }
  const parts = client.retrieve(unknown.slice(0, CAPS.examined), ports);
  const unread = new Map<string, number[]>();
  for await (const { entries, missing, failure } of parts) {
    if (failure) gathering.failOnPart(failure);
    if (missing.length > 0) {
      const words = `lists entries that it does not give: ${missing[0]}`;
      const { host } = new URL(url);
      gathering.fail(new OutboundError('unreachable', host, words));
    }
    for (const entry of entries) {
      const why = addEntry(entry, known, gathering);
      if (why) unread.set(why, [...(unread.get(why) ?? []), entry.logIndex]);
    }
  }
  unreadEntries(unread).forEach(finding => gathering.notice(finding));
}

/** Says why an entry seems to be about the artifact and is no evidence. */
function addEntry(
  entry: RekorEntry,
  known: KnownContent,
  gathering: Gathering,
): string | undefined {
  const outcome = assembleLogEntry(entry, known);
  if (outcome.found === 'evidence') {
    try {
      gathering.reserve(outcome.bytes.length);
      gathering.add(outcome.mediaType, outcome.bytes);
    } catch (error) {
      gathering.fail(error);
    }
  }
  return outcome.found === 'no-content' ? outcome.why : undefined;
}

function addStored(stored: StoredEvidence, gathering: Gathering): void {
  if (gathering.has(stored.digest)) return;
  gathering.reserve(stored.bytes.length);
  gathering.add(stored.mediaType, stored.bytes);
}
