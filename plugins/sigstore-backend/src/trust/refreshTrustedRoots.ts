import { LoggerService } from '@backstage/backend-plugin-api';
import {
  OutboundClient,
  TufRepository,
  expiriesOf,
  loadTrustedRoot,
} from '@cloudythings/sigstore-engine';
import { Knex } from 'knex';
import {
  StoredTrustedRoot,
  readTrustedRoot,
  saveTrustedRoot,
} from '../store/trustedRoots';
import { TrustedRootConfig } from './trustedRootConfig';
import { FollowedRoot, followedRoots } from './tufSources';

/** What refreshing needs of its surroundings. */
export type RefreshPorts = {
  knex: Knex;
  outbound: Pick<OutboundClient, 'get'>;
  logger: LoggerService;
  now: () => Date;
};

const DAY = 24 * 60 * 60_000;

/** What people sign by hand is announced a week before it expires. */
const NOTICE_MS = 7 * DAY;
const SIGNED_BY_HAND = ['root', 'targets'];

/**
 * Follows the TUF repositories of the configuration and stores what became of
 * it. What cannot be fetched, or not be used as a trusted root, is reported and
 * the former one stays; so does one whose metadata has expired meanwhile.
 *
 * @param options - `onlyMissing` leaves alone what there is something of
 */
export async function refreshTrustedRoots(
  configs: TrustedRootConfig[],
  ports: RefreshPorts,
  options: { signal?: AbortSignal; onlyMissing?: boolean } = {},
): Promise<void> {
  const byRepository = new Map<
    string,
    { followed: FollowedRoot; users: TrustedRootConfig[] }
  >();
  for (const { config, followed } of await followedRoots(configs)) {
    const users = byRepository.get(followed.key.id)?.users ?? [];
    byRepository.set(followed.key.id, { followed, users: [...users, config] });
  }
  for (const { followed, users } of byRepository.values()) {
    const before = await readTrustedRoot(ports.knex, followed.key.id);
    const there = before?.state.target ?? followed.seed;
    if (options.onlyMissing && there !== undefined) continue;
    await refresh(followed, users, before, ports, options.signal);
  }
}

async function refresh(
  { key, source }: FollowedRoot,
  users: TrustedRootConfig[],
  before: StoredTrustedRoot | undefined,
  ports: RefreshPorts,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { knex, outbound, logger, now } = ports;
  const repository = new TufRepository(source, outbound);
  const { state, failure } = await repository.refresh(before?.state, signal);
  signal?.throwIfAborted();
  const changed = state.target !== before?.state.target;
  const problem =
    failure ?? (changed ? problemOf(state.target, users) : undefined);
  // A target that cannot be used is fetched again by the next refresh.
  const usable = problem === undefined ? state.target : before?.state.target;
  const after = {
    state: { metadata: state.metadata, target: usable },
    error: problem,
  };
  if (!(await saveTrustedRoot(knex, key, before, after, now()))) return;
  if (problem !== undefined && problem !== before?.error) {
    logger.warn(`${problem}. The trusted root known so far is kept`);
  }
  if (problem === undefined && changed) {
    logger.info(`${key.mirror} published the ${key.target} that is used now`);
  }
  warnOfExpiry(key.mirror, state.metadata, ports);
}

function problemOf(
  text: string | undefined,
  users: TrustedRootConfig[],
): string | undefined {
  try {
    const json = JSON.parse(text ?? '');
    for (const { name, thresholds, demo } of users) {
      loadTrustedRoot({ name, json, thresholds, allowDemoRoot: demo });
    }
    return undefined;
  } catch (error) {
    return `What the TUF repository published cannot be used: ${
      (error as Error).message
    }`;
  }
}

// Timestamps are signed anew every few days: only their end is news.
function warnOfExpiry(
  mirror: string,
  metadata: Record<string, string>,
  { logger, now }: RefreshPorts,
): void {
  for (const { role, expires } of expiriesOf(metadata)) {
    const left = Date.parse(expires) - now().getTime();
    const notice = SIGNED_BY_HAND.includes(role) ? NOTICE_MS : 0;
    if (left > notice) continue;
    logger.warn(
      left > 0
        ? `The ${role} metadata of ${mirror} expires at ${expires}; whoever runs the repository has to sign it anew`
        : `The ${role} metadata of ${mirror} expired at ${expires}: nobody vouches for its trusted root since, which is used as it was then`,
    );
  }
}
