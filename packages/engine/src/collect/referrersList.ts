import {
  BUNDLE_V01_MEDIA_TYPE,
  BUNDLE_V02_MEDIA_TYPE,
  BUNDLE_V03_LEGACY_MEDIA_TYPE,
  BUNDLE_V03_MEDIA_TYPE,
} from '@sigstore/bundle';
import { OutboundError } from '../outbound';
import { failedAs } from '../outbound/OutboundError';
import { Descriptor } from '../resolve/ociDocuments';
import { OciRepository, ReferrersPage } from '../resolve/OciRepository';
import {
  EMPTY_CONFIG_TYPE,
  LAYERED_TYPES,
  NOTATION_TYPE,
  typeAnnotations,
} from './attachedLayers';
import { CAPS } from './caps';

/** What refers to an artifact. */
export type ReferrersList = {
  descriptors: Descriptor[];
  /** How many more entries there are that cannot be read. */
  unread: number;
  /** Whether that is all of it. */
  complete: boolean;
};

/** Asked for one by one where the whole list is long. */
const FILTERS = [
  BUNDLE_V03_MEDIA_TYPE,
  BUNDLE_V03_LEGACY_MEDIA_TYPE,
  BUNDLE_V02_MEDIA_TYPE,
  BUNDLE_V01_MEDIA_TYPE,
  ...LAYERED_TYPES,
  // What some registries tell of every bundle.
  EMPTY_CONFIG_TYPE,
  // Named, though not read.
  NOTATION_TYPE,
];

/**
 * Lists what refers to a manifest: from the referrers API and, where a registry
 * has none, from the tag that stands in for it. A list that has more pages, or
 * is too long to be read, is asked for by the types of evidence too, so that
 * evidence is found behind any number of other things, and read on page by page
 * for what has none of these types.
 *
 * Throws `OutboundError`.
 */
export async function listReferrers(
  repository: OciRepository,
  digest: string,
): Promise<ReferrersList> {
  const listed = await listByApi(repository, digest);
  if (listed) return listed;
  try {
    const document = await repository.manifest(digest.replace(':', '-'));
    return document.type === 'index' ? toList([document]) : toList([]);
  } catch (error) {
    if (!failedAs(error, 'not-found')) throw error;
    return toList([]);
  }
}

async function listByApi(
  repository: OciRepository,
  digest: string,
): Promise<ReferrersList | undefined> {
  let first: ReferrersPage | undefined;
  try {
    first = await repository.referrers(digest);
    if (!first.next) return toList([first]);
  } catch (error) {
    if (hasNoApi(error)) return undefined;
    if (!failedAs(error, 'over-cap')) throw error;
    const filtered = await listFiltered(repository, digest);
    if (!filtered) throw error;
    const nothing = { descriptors: [], unread: 0, complete: false };
    return joined(filtered, nothing);
  }
  const filtered = await listFiltered(repository, digest);
  const paged = await readOn(repository, digest, first);
  return filtered ? joined(filtered, paged) : paged;
}

/**
 * A filter finds what has a type that is known. That there is nothing else is
 * known only at the end of the pages.
 */
function joined(filtered: ReferrersList, paged: ReferrersList): ReferrersList {
  const isAll = paged.complete || filtered.descriptors.length > 0;
  return {
    descriptors: distinct([...filtered.descriptors, ...paged.descriptors]),
    unread: Math.max(filtered.unread, paged.unread),
    complete: filtered.complete && isAll,
  };
}

/** Nothing where the registry does not filter. */
async function listFiltered(
  repository: OciRepository,
  digest: string,
): Promise<ReferrersList | undefined> {
  const lists: ReferrersList[] = [];
  for (const type of FILTERS) {
    const query = `?artifactType=${encodeURIComponent(type)}`;
    try {
      const page = await repository.referrers(digest, query);
      if (!page.filtered) return undefined;
      lists.push(await readOn(repository, digest, page));
    } catch (error) {
      // The query may be what it objects to.
      if (hasNoApi(error)) return undefined;
      throw error;
    }
  }
  return {
    descriptors: lists.flatMap(({ descriptors }) => descriptors),
    unread: sum(lists.map(({ unread }) => unread)),
    complete: lists.every(({ complete }) => complete),
  };
}

async function readOn(
  repository: OciRepository,
  digest: string,
  first: ReferrersPage,
): Promise<ReferrersList> {
  const list = toList([first]);
  let { next } = first;
  for (let page = 1; page < CAPS.pages && next !== undefined; page++) {
    if (list.descriptors.length > CAPS.listed) break;
    const answer: ReferrersPage = await repository
      .referrers(digest, next)
      .catch(error => {
        // A list that breaks off is not a list of nothing.
        if (!failedAs(error, 'not-found')) throw error;
        const words = 'lists referrers on a page that is missing';
        throw new OutboundError('unreachable', repository.host, words);
      });
    const more = toList([answer]);
    list.descriptors.push(...more.descriptors);
    list.unread += more.unread;
    next = answer.next;
  }
  return { ...list, complete: next === undefined };
}

/** Of many pages, only what is looked at later is kept. */
function toList(pages: Pick<ReferrersPage, 'index'>[]): ReferrersList {
  const descriptors = pages.flatMap(({ index }) =>
    index.manifests.map(({ mediaType, digest, size, ...more }) => ({
      mediaType,
      digest,
      size,
      artifactType: more.artifactType,
      annotations: typeAnnotations(more.annotations),
    })),
  );
  const unread = sum(pages.map(({ index }) => index.unread));
  return { descriptors, unread, complete: true };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function distinct(descriptors: Descriptor[]): Descriptor[] {
  return [...new Map(descriptors.map(one => [one.digest, one])).values()];
}

/** Registries without the API say so in several ways. */
function hasNoApi(error: unknown): boolean {
  if (!(error instanceof OutboundError)) return false;
  return (
    error.failure === 'not-found' ||
    [400, 405, 406, 501].includes(error.status ?? 0)
  );
}
