import { Entity, RELATION_DEPENDS_ON } from '@backstage/catalog-model';
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parse, parseAllDocuments } from 'yaml';

/** The recorded organization with real signatures, and its real server. */
export const WORLD_DIR = resolve(__dirname, '../../../../packages/demo-world');

const SERVER = join(WORLD_DIR, 'src/server.ts');

/** Whether there is a recording; tests on it say so when there is none. */
export const worldRecorded = existsSync(join(WORLD_DIR, 'recorded'));

/** A started server of the world. */
export type WorldServer = { url: string; stop(): Promise<void> };

/** Starts the server of the world on a free port of the loopback. */
export async function startWorldServer(): Promise<WorldServer> {
  const child: ChildProcess = spawn(
    process.execPath,
    [SERVER, '--world', WORLD_DIR, '--port', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (!url) continue;
    return {
      url,
      async stop() {
        child.kill();
        await once(child, 'exit');
      },
    };
  }
  throw new Error('The server of the world ended before it was ready');
}

/** Configuration of the plugin for the world, as the demo has it. */
export function worldConfig(server: WorldServer) {
  const text = readFileSync(join(WORLD_DIR, 'app-config.demo.yaml'), 'utf8')
    .replaceAll('${SIGSTORE_WORLD_DIR}', WORLD_DIR)
    .replaceAll('${SIGSTORE_WORLD_URL}', server.url);
  return { sigstore: parse(text).sigstore };
}

/** The entities of the world, with the relations that the catalog would add. */
export function worldEntities(): Entity[] {
  const folder = join(WORLD_DIR, 'catalog');
  return readdirSync(folder)
    .flatMap(file =>
      parseAllDocuments(readFileSync(join(folder, file), 'utf8')),
    )
    .map(document => document.toJS() as Entity)
    .map(entity => ({
      ...entity,
      relations: ((entity.spec?.dependsOn ?? []) as string[]).map(
        targetRef => ({ type: RELATION_DEPENDS_ON, targetRef }),
      ),
    }));
}

/** A row of what the demo must say, written by hand. */
export type ExpectedRow = {
  entity: string;
  kind: string;
  reference: string;
  status: string;
  finding: string | null;
  signer: string | null;
};

/** Reads what the demo must say. */
export function worldExpectations(): ExpectedRow[] {
  const text = readFileSync(join(WORLD_DIR, 'expected.yaml'), 'utf8');
  return parse(text).artifacts;
}
