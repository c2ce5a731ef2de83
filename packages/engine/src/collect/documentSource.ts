import {
  LookupOutcome,
  ParsedReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { OutboundError } from '../outbound';
import { SourcePorts } from '../resolve';
import { BUNDLE_PREFIX, recognizeBundle } from './bundleMediaTypes';
import { CAPS } from './caps';
import { CollectTarget, EvidenceSource } from './evidence';
import { Gathering } from './Gathering';
import { placeOfSource } from './sourceNames';

/** Most time that a source whose code is not ours gets for one artifact. */
const MOST_MS = 60_000;

/**
 * Documents that somebody else's code found, and why it may not have found all.
 *
 * @public
 */
export type FoundDocuments = {
  documents: { mediaType: string; bytes: Uint8Array }[];
  failure?: {
    outcome: Exclude<LookupOutcome, 'found' | 'none'>;
    cause: string;
  };
};

/**
 * A source of evidence by code that is not ours.
 *
 * @public
 */
export type DocumentSourceOptions = {
  /** How its lookups are called. */
  name: string;
  covers(reference: ParsedReference): boolean;
  find(question: {
    reference: ParsedReference;
    digest: string;
    signal: AbortSignal;
  }): Promise<FoundDocuments>;
};

const FAILURES = ['refused', 'unreachable', 'unsupported', 'over-cap'] as const;

/**
 * Makes a source of evidence out of code that is not ours: what it gives is read
 * within the limits of every source, and what goes wrong in it, be it that it
 * never answers, is a lookup without an answer.
 *
 * @throws Error when its lookups would be called like those of a built-in source,
 * from which policies tell where evidence is stored
 * @public
 */
export function documentSource(options: DocumentSourceOptions): EvidenceSource {
  const { name } = options;
  if (name.trim() === '' || placeOfSource(`x ${name}`)) {
    throw new Error(
      `A source of evidence cannot be called "${name}"; choose a name that says whose it is and is not that of a built-in source`,
    );
  }
  return {
    name,
    covers: reference => covers(options, reference),
    collect: async (target, ports) => {
      const gathering = new Gathering(name, target, ports.now());
      try {
        read(name, await ask(options, target, ports), gathering);
      } catch (error) {
        gathering.fail(error);
      }
      return gathering.result();
    },
  };
}

/** Where it cannot tell, it is asked, and says so there. */
function covers(
  options: DocumentSourceOptions,
  reference: ParsedReference,
): boolean {
  try {
    return options.covers(reference);
  } catch {
    return true;
  }
}

async function ask(
  { name, find }: DocumentSourceOptions,
  { reference, artifact }: CollectTarget,
  { signal: stopped }: SourcePorts,
): Promise<FoundDocuments> {
  const signal = AbortSignal.any([
    ...(stopped ? [stopped] : []),
    AbortSignal.timeout(MOST_MS),
  ]);
  const tooLate = new Promise<never>((_, reject) => {
    const giveUp = () =>
      reject(new OutboundError('unreachable', name, 'did not answer in time'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
  });
  const { digest } = artifact;
  // Also what throws at once is an answer that somebody waits for.
  const answer = (async () => find({ reference, digest, signal }))();
  return Promise.race([answer, tooLate]);
}

function read(
  name: string,
  { documents, failure }: FoundDocuments,
  gathering: Gathering,
): void {
  if (failure) {
    // A failure of a kind that is not known is one all the same.
    const outcome = FAILURES.find(known => known === failure.outcome);
    const words = `${failure.cause}`;
    gathering.fail(new OutboundError(outcome ?? 'unreachable', name, words));
  }
  documents.slice(0, CAPS.examined).forEach(({ mediaType, bytes }) => {
    try {
      addDocument(mediaType, bytes, gathering);
    } catch (error) {
      gathering.fail(error);
    }
  });
  if (documents.length > CAPS.examined) {
    gathering.overCap(`gave more than ${CAPS.examined} documents`);
  }
}

function addDocument(
  mediaType: string,
  bytes: Uint8Array,
  gathering: Gathering,
): void {
  if (bytes.byteLength > CAPS.documentBytes) {
    gathering.overCap(`gave more than ${CAPS.documentBytes} bytes at once`);
    return;
  }
  gathering.reserve(bytes.byteLength);
  // The bytes say what they are; a type that is none of ours is named as it is.
  if (mediaType.startsWith(BUNDLE_PREFIX)) {
    const buffer = Buffer.from(bytes);
    gathering.addBundle(recognizeBundle(buffer), buffer);
  } else {
    gathering.unsupported(mediaType);
  }
}
