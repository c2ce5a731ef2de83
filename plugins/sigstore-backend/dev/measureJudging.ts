/**
 * Measures how long it takes to preview policies over a fleet, and to judge it
 * again when they change. Prints a JSON line each.
 *
 *   node --require @backstage/cli/config/nodeTransform.cjs \
 *     dev/measureJudging.ts --entities 10000 [--postgres CONNECTION]
 */
import {
  ENGINE_REVISION,
  loadTrustPolicies,
} from '@cloudythings/sigstore-engine';
import createKnex, { Knex } from 'knex';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FlowPorts } from '../src/flow/ports';
import { rejudge } from '../src/flow/rejudge';
import { previewPolicies } from '../src/preview/previewPolicies';
import { migrate } from '../src/store/database';
import { enforceTrust } from '../src/store/trustGenerations';
import { TrustSet } from '../src/trust/loadTrustSet';
import { fillFleet } from './fleet';

const NOW = new Date('2026-11-20T12:00:00Z');
const DIGEST = `sha256:${'a'.repeat(64)}`;

const policy = (name: string, kind: string, workflow: string) => `---
apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata: { name: ${name} }
spec:
  artifacts: [{ kind: ${kind} }]
  authorities:
    - name: release
      keyless:
        trustedRoot: public-good
        identities:
          - issuer: https://token.actions.githubusercontent.com
            subjectRegExp: https://github\\.com/{{ repository }}/\\.github/workflows/${workflow}\\.yml@refs/heads/main
`;

const policies = (workflow: string) =>
  policy('images', 'image', 'release') +
  policy('plans', 'terraform-plan', 'release') +
  policy('manifests', 'manifest', workflow);

function trustSet(text: string): TrustSet {
  const { digest, ...loaded } = loadTrustPolicies([{ path: 'a.yaml', text }], {
    trustedRoots: ['public-good'],
  });
  return {
    ...loaded,
    profiles: [
      { name: 'public-good', digest: DIGEST, material: { keys: [] } },
    ] as unknown as TrustSet['profiles'],
    record: {
      digest: digest.slice(7),
      policiesDigest: digest,
      policies: [],
      trustedRoots: [{ name: 'public-good', digest: DIGEST, thresholds: {} }],
      engineRevision: ENGINE_REVISION,
    } as unknown as TrustSet['record'],
  };
}

/** The longest turn of the event loop, by the processor's time. */
class Turns {
  longest = 0;
  #isRunning = true;
  #last = process.cpuUsage();

  constructor() {
    const take = () => {
      const { user, system } = process.cpuUsage(this.#last);
      this.longest = Math.max(this.longest, (user + system) / 1000);
      this.#last = process.cpuUsage();
      if (this.#isRunning) setImmediate(take);
    };
    setImmediate(take);
  }

  stop(): void {
    this.#isRunning = false;
  }
}

async function measure<T>(
  name: string,
  on: string,
  work: () => Promise<T>,
): Promise<T> {
  const turns = new Turns();
  const start = performance.now();
  const cpu = process.cpuUsage();
  const result = await work();
  const value = Math.round(performance.now() - start);
  const { user, system } = process.cpuUsage(cpu);
  turns.stop();
  const blocked = Math.round(turns.longest);
  process.stdout.write(
    `${JSON.stringify({
      name,
      on,
      value,
      unit: 'ms',
      cpu: Math.round((user + system) / 1000),
      longestTurn: blocked,
    })}\n`,
  );
  return result;
}

async function run(knex: Knex, on: string, entities: number): Promise<void> {
  await migrate(knex);
  const before = trustSet(policies('release'));
  const by = { replica: 'measure', now: NOW, compare: () => undefined };
  const enforce = async (set: TrustSet) => ({
    set,
    generation: (await enforceTrust(knex, set.record, by)).generation,
  });
  const first = await enforce(before);
  await measure('fill', on, () => fillFleet(knex, entities, before.record));
  // As PostgreSQL does by itself in the background.
  await knex.raw('analyze');
  const logger = {
    warn: (words: string) => process.stderr.write(`${words}\n`),
  };
  const ports = {
    knex,
    now: () => NOW,
    logger,
  } as unknown as FlowPorts;
  const drain = async (trust: typeof first) => {
    const worker = async () => {
      while (await rejudge(ports, trust));
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
  };
  await measure('judge for the first time', on, () => drain(first));
  const text = policies('deploy');
  for (const round of ['cold', 'warm']) {
    const { judged, changed } = await measure(`preview, ${round}`, on, () =>
      previewPolicies(
        { knex, trust: before, now: NOW, signal: new AbortController().signal },
        [{ path: 'a.yaml', text }],
        undefined,
      ),
    );
    process.stdout.write(`${JSON.stringify({ judged, changed })}\n`);
  }
  const second = await enforce(trustSet(text));
  await measure('judge again, a third changes', on, () => drain(second));
  const third = await enforce(
    trustSet(`${text}${policy('others', 'pipeline', 'x')}`),
  );
  await measure('judge again, nothing changes', on, () => drain(third));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      entities: { type: 'string', default: '10000' },
      postgres: { type: 'string' },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'fleet-'));
  const knex = createKnex(
    values.postgres
      ? { client: 'pg', connection: values.postgres }
      : {
          client: 'better-sqlite3',
          connection: { filename: join(folder, 'fleet.sqlite') },
          useNullAsDefault: true,
        },
  );
  try {
    const on = values.postgres ? 'PostgreSQL' : 'SQLite';
    await run(knex, on, Number(values.entities));
  } finally {
    await knex.destroy();
    await rm(folder, { recursive: true });
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
