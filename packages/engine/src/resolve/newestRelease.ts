import { SemVer, parse } from 'semver';
import { OutboundError } from '../outbound';
import { OciRepository } from './OciRepository';

// Registries give at least fifty tags a page. A list that is longer than all
// pages together is said to be so: its newest tag may be on any of them.
const MAX_PAGES = 200;
const MAX_TAGS = 50_000;
/** Beyond this, a slow registry would hold up other artifacts. */
const MOST_MS = 60_000;

/**
 * Tells the tag of the newest release in a repository: the highest tag that is a
 * version (Semantic Versioning 2.0.0, perhaps after a `v`; `_` for `+`, as Helm
 * writes it), releases before prereleases; where none is, `latest`.
 *
 * @param now - tells when reading takes too long
 * @throws OutboundError when the tags cannot be read in full, or none is a
 * release
 */
export async function newestRelease(
  repository: OciRepository,
  now: () => Date,
): Promise<string> {
  const deadline = now().getTime() + MOST_MS;
  let highest: string | undefined;
  let hasLatest = false;
  let count = 0;
  let query: string | undefined = '?n=1000';
  for (let page = 0; query !== undefined; page++) {
    if (page === MAX_PAGES || count > MAX_TAGS) {
      const words = `lists more tags than are read (${count}), so which release is newest is not known; name a tag`;
      throw new OutboundError('over-cap', repository.host, words);
    }
    const { tags, next } = await repository.tags(query);
    if (next !== undefined && now().getTime() > deadline) {
      const words = `takes too long to list its tags, so which release is newest is not known; name a tag`;
      throw new OutboundError('over-cap', repository.host, words);
    }
    // A page at a time: comparing all tags at once would hold up others.
    highest = highestVersion(highest ? [highest, ...tags] : tags);
    hasLatest ||= tags.includes('latest');
    count += tags.length;
    query = next;
  }
  if (highest !== undefined) return highest;
  if (hasLatest) return 'latest';
  throw new OutboundError(
    'not-found',
    repository.host,
    `has no release there: of ${count} tags, none is a version and none is called latest`,
  );
}

/**
 * The highest version among tags. Of several tags for one version, the one that
 * sorts last, so that the order of the list makes no difference.
 */
export function highestVersion(tags: readonly string[]): string | undefined {
  let highest: { tag: string; version: SemVer } | undefined;
  for (const tag of tags) {
    const version = parse(tag.replace('_', '+'));
    if (version && (!highest || isHigher({ tag, version }, highest))) {
      highest = { tag, version };
    }
  }
  return highest?.tag;
}

type Version = { tag: string; version: SemVer };

function isHigher(one: Version, other: Version): boolean {
  const isRelease = ({ version }: Version) => version.prerelease.length === 0;
  if (isRelease(one) !== isRelease(other)) return isRelease(one);
  const order =
    one.version.compare(other.version) ||
    one.version.compareBuild(other.version);
  return order === 0 ? one.tag > other.tag : order > 0;
}
