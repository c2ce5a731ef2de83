import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  ArtifactDetail,
  EntityReport,
  FlowProgress,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { TestServer, asService } from '../src/__testUtils__/startPlugin';
import { sigstorePlugin } from '../src/plugin';

/**
 * Starts the plugin as it is installed, with a real database, on entities that
 * are given, waits until everything they declare was checked, and writes what
 * the API says of each.
 *
 *   node --require @backstage/cli/config/nodeTransform.cjs dev/checkEntities.ts \
 *     QUESTION.json ANSWER.json
 *
 * The question holds `config`, what is to stand under the key `sigstore`,
 * and `entities`. The answer holds an array of artifacts, in every detail, for
 * each name of an entity.
 */
type Question = { config: JsonObject; entities: Entity[] };

const POLL_MS = 100;

/** More time than a busy machine needs. */
const DEADLINE_MS = 10 * 60_000;

async function run([input, output]: string[]): Promise<void> {
  const { config, entities }: Question = JSON.parse(
    readFileSync(input, 'utf8'),
  );
  const backend = await startTestBackend({
    features: [
      sigstorePlugin,
      catalogServiceMock.factory({ entities }),
      mockServices.database.factory(),
      mockServices.rootConfig.factory({ data: { sigstore: config } }),
    ],
  });
  try {
    await untilChecked(backend.server);
    const answer: Record<string, ArtifactDetail[]> = {};
    for (const { metadata } of entities) {
      answer[metadata.name] = await artifactsOf(backend.server, metadata.name);
    }
    writeFileSync(output, JSON.stringify(answer));
  } finally {
    await backend.stop();
  }
}

async function artifactsOf(
  server: TestServer,
  name: string,
): Promise<ArtifactDetail[]> {
  const path = `/entities/component/default/${name}`;
  const { artifacts } = (await asService(server, path)).body as EntityReport;
  const details: ArtifactDetail[] = [];
  for (const { id } of artifacts) {
    details.push((await asService(server, `${path}/artifacts/${id}`)).body);
  }
  return details;
}

/** What is not checked by then says so itself. */
async function untilChecked(server: TestServer): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const { body } = await asService(server, '/flow');
    const { discoveredAt, pending, due } = body as FlowProgress;
    if (discoveredAt && pending + due === 0) return;
    await pause(POLL_MS);
  }
}

run(process.argv.slice(2)).then(
  // What still runs belongs to a backend that was stopped.
  () => process.exit(0),
  error => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
