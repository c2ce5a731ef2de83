const PREFIX = 'url:https://github.com/';
const ENTERPRISE =
  /^url:https:\/\/([a-z0-9.-]+(?::\d{1,5})?)\/([A-Za-z0-9_.-]+)\/([A-Za-z0-9_.-]+)\/(?:blob|tree)\//;

/** How often somebody on the way may decode a location. */
const DECODED = 3;

/**
 * Tells the GitHub repository that an entity is kept in, from
 * `backstage.io/managed-by-location`. Ingestion writes that annotation over
 * whatever an entity's own file says, so that no entity chooses whose signatures
 * it expects.
 *
 * @param managedByLocation - value of the annotation
 * @returns owner/name, or nothing when it lies elsewhere
 */
export function repositoryOfLocation(
  managedByLocation: string | undefined,
): string | undefined {
  const { repository, view } = read(managedByLocation);
  return view ? repository : undefined;
}

/**
 * Tells the GitHub repository that an entity names as its source in
 * `backstage.io/source-location`. The entity chooses it: only a policy that says
 * so looks at it.
 *
 * @param sourceLocation - value of the annotation, with or without a folder
 * @returns owner/name, or nothing when it lies elsewhere
 */
export function repositoryOfSource(
  sourceLocation: string | undefined,
): string | undefined {
  const { repository, view } = read(sourceLocation);
  return view === undefined ? undefined : repository;
}

/**
 * Tells the repository that an entity is kept in, where that is not on
 * github.com, from `backstage.io/managed-by-location`.
 *
 * @param managedByLocation - value of the annotation
 * @returns host/owner/name; whether such a host is a GitHub is for others to say
 */
export function enterpriseRepositoryOfLocation(
  managedByLocation: string | undefined,
): string | undefined {
  const location = managedByLocation?.split(/[?#]/, 1)[0] ?? '';
  const [, host, owner, name] = ENTERPRISE.exec(location) ?? [];
  if (!host || leadsUp(location) || host === 'github.com') return undefined;
  return `${host}/${owner}/${name.replace(/\.git$/, '')}`;
}

/**
 * Whether a location could lead elsewhere than it begins: whoever fetches it
 * resolves `..`, in whichever form it is written.
 */
function leadsUp(location: string): boolean {
  let text = location;
  for (let round = 0; round < DECODED; round += 1) {
    if (/(?:^|[/\\])\.{1,2}(?:[/\\]|$)|[\t\n\r]/.test(text)) return true;
    try {
      text = decodeURIComponent(text);
    } catch {
      return true;
    }
  }
  return false;
}

/** The view is empty where a location names the repository alone. */
function read(location: string | undefined): {
  repository?: string;
  view?: 'blob' | 'tree' | '';
} {
  if (!location?.startsWith(PREFIX)) return {};
  const [path] = location.slice(PREFIX.length).split(/[?#]/, 1);
  if (leadsUp(path)) return {};
  const [owner, name, view = ''] = path.split('/');
  const plain = /^[A-Za-z0-9_.-]+$/;
  if (!plain.test(owner ?? '') || !plain.test(name ?? '')) return {};
  if (view !== 'blob' && view !== 'tree' && view !== '') return {};
  return { repository: `${owner}/${name.replace(/\.git$/, '')}`, view };
}
