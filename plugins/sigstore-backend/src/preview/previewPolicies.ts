import { InputError } from '@backstage/errors';
import {
  PolicyPreview,
  PolicyPreviewFile,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  LoadedPolicies,
  TrustPolicyError,
  loadTrustPolicies,
} from '@cloudythings/sigstore-engine';
import { Knex } from 'knex';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  Judgeable,
  asksForEntities,
  judgeDeclaration,
  readJudgeables,
} from '../flow/judgeReference';
import { Declaration, declarationPage } from '../store/declarations';
import { TrustSet } from '../trust/loadTrustSet';
import { PreviewTally } from './PreviewTally';
import {
  keysOfPreview,
  needsVerification,
  underPreviewedKeys,
} from './keysOfPreview';

/** So few that reading them keeps nobody waiting. */
const PAGE = 100;
/** Longest that judging keeps others from the event loop. */
const SLICE_MS = 10;

/** What a preview needs of its surroundings. */
export type PreviewPorts = {
  knex: Knex;
  /** The set in force. */
  trust: TrustSet;
  now: Date;
  /** Ends the preview when nobody waits for it any more, or it takes too long. */
  signal: AbortSignal;
};

/**
 * Judges everything that is stored under the policies in force and under others,
 * and says what differs. Reads only: no network, no cryptography, nothing
 * written. What a piece of evidence proves does not change with policies, but
 * for the keys that they name.
 *
 * @param visible - entities that the caller may see; all of them without
 * @throws InputError naming file and line of all that is wrong with the policies
 */
export async function previewPolicies(
  ports: PreviewPorts,
  files: PolicyPreviewFile[],
  visible: ReadonlySet<string> | undefined,
): Promise<PolicyPreview> {
  const { trust, now } = ports;
  const loaded = load(files, trust, now);
  const keys = keysOfPreview(loaded, trust.profiles);
  const tally = new PreviewTally();
  const pause = sliced();
  for await (const page of judgeables(ports, loaded, visible)) {
    for (const item of page) {
      const { digest } = trust.record;
      const before = judgeDeclaration(item, trust, digest, now);
      const changed = underPreviewedKeys(item, keys);
      const after = judgeDeclaration(changed, loaded, digest, now);
      tally.add(item, before.verdict, after.verdict);
      if (needsVerification(item, keys)) tally.addUnverified(item);
      await pause();
    }
  }
  return {
    policies: loaded.policies.map(({ metadata }) => metadata.name),
    distrusts: loaded.distrusts.map(({ metadata }) => metadata.name),
    warnings: loaded.warnings,
    ...tally.result(),
  };
}

/** A page at a time, so that no connection is held for long. */
async function* judgeables(
  { knex, trust, signal }: PreviewPorts,
  loaded: LoadedPolicies,
  visible: ReadonlySet<string> | undefined,
): AsyncGenerator<Judgeable[]> {
  const withDocuments = asksForEntities(trust) || asksForEntities(loaded);
  let page: Declaration[];
  let after = '';
  do {
    signal.throwIfAborted();
    page = await declarationPage(knex, after, PAGE);
    after = page[page.length - 1]?.artifactId ?? after;
    const shown = page.filter(item => visible?.has(item.entityRef) ?? true);
    await nextTurn();
    const items = await readJudgeables(knex, shown, trust.record, {
      withDocuments,
    });
    await nextTurn();
    yield items;
  } while (page.length === PAGE);
}

function sliced(): () => Promise<void> {
  let end = performance.now() + SLICE_MS;
  return async () => {
    if (performance.now() < end) return;
    await nextTurn();
    end = performance.now() + SLICE_MS;
  };
}

function load(
  files: PolicyPreviewFile[],
  { profiles }: TrustSet,
  now: Date,
): LoadedPolicies {
  try {
    return loadTrustPolicies(files, {
      trustedRoots: profiles.map(({ name }) => name),
      now,
    });
  } catch (error) {
    if (!(error instanceof TrustPolicyError)) throw error;
    const lines = error.mistakes.map(({ place, field, problem }) =>
      [place, field, problem].filter(part => part !== '').join(': '),
    );
    throw new InputError(lines.join('\n'));
  }
}
