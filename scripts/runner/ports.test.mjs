import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { it } from 'node:test';
import { freePort } from './ports.mjs';

it('gives any free port for 0', async () => {
  assert.ok((await freePort(0)) > 0);
});

for (const host of ['127.0.0.1', '::1'])
  it(`says when the port is taken on ${host}`, async t => {
    const server = createServer();
    server.listen(0, host);
    try {
      await once(server, 'listening');
    } catch {
      t.skip(`${host} is not on this machine`);
      return;
    }
    const { port } = server.address();
    await assert.rejects(
      freePort(port),
      new RegExp(`Port ${port} is taken.*--port ${port + 1}`),
    );
    server.close();
  });
