import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

/** A runner that starts a server which starts another process. */
const program = `
  import { start } from ${JSON.stringify(
    new URL('./processes.mjs', import.meta.url).href,
  )};
  const { ended } = start(process.execPath, [
    '--import', ${JSON.stringify(
      new URL('./endWithRunner.mjs', import.meta.url).href,
    )},
    '-e', \`
      const grandchild = require('node:child_process').spawn(
        process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      console.log('pids', process.pid, grandchild.pid);
      setInterval(() => {}, 1000);
    \`,
  ], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await ended;
`;

async function startTree() {
  const runner = spawn(
    process.execPath,
    ['--input-type=module', '-e', program],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [chunk] = await once(runner.stdout, 'data');
  const [, child, grandchild] = `${chunk}`.match(/pids (\d+) (\d+)/);
  return { runner, child: Number(child), grandchild: Number(grandchild) };
}

function alive(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // What ended but was not yet waited for still has its number.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}

async function gone(pid) {
  for (let i = 0; i < 200 && alive(pid); i++) await delay(50);
  return !alive(pid);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  it(`leaves nothing running after ${signal}`, async () => {
    const { runner, child, grandchild } = await startTree();
    runner.kill(signal);
    await once(runner, 'exit');
    assert.equal(await gone(child), true);
    assert.equal(await gone(grandchild), true);
  });

it('takes a server along when it is killed without a word', async () => {
  const { runner, child, grandchild } = await startTree();
  runner.kill('SIGKILL');
  assert.equal(await gone(child), true);
  process.kill(grandchild);
});
