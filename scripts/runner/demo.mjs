import { existsSync } from 'node:fs';
import path from 'node:path';
import { GuestApi } from './api.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { freePort } from './ports.mjs';
import { Problem } from './problem.mjs';
import { duration, step } from './progress.mjs';
import { startBackstage, startWorld, waitFor } from './servers.mjs';

/**
 * Installs and builds what is missing, starts the recorded world and the
 * Backstage that shows it, and returns when its pages are usable: the guest is
 * let in, the catalog has entities and the plugin answers. `configs` are files
 * of configuration that come on top of the demo's own.
 *
 * Throws a Problem for what a person can mend: a taken port, a full disk, a
 * failed download, a folder that is no world.
 *
 * @param {{ node: any, worldDir: string, port: number, yearsAhead?: number,
 *   configs?: string[] }} options
 */
export async function startDemo({
  node,
  worldDir,
  port,
  yearsAhead = 0,
  configs = [],
}) {
  if (!existsSync(path.join(worldDir, 'expected.yaml')))
    throw new Problem(`There is no recorded world in ${worldDir}.`);
  const given = await freePort(port);
  await ensureInstalled(node);
  await ensureBuilt(node);

  return step('Starting', async () => {
    const started = Date.now();
    const worldUrl = await startWorld(node, worldDir);
    const backstage = startBackstage(node, {
      ...{ worldDir, worldUrl, port: given, yearsAhead, configs },
    });
    const api = new GuestApi(backstage.url);
    await waitFor('Backstage', () => usable(api), backstage);
    return {
      ...backstage,
      api,
      took: duration(Date.now() - started),
    };
  });
}

async function usable(api) {
  const flow = await api.tryGet('/api/sigstore/flow');
  const page = await api.tryGet('/api/catalog/entities/by-query?limit=1');
  const served = await api.serves('/');
  return served && flow && page?.totalItems > 0;
}
