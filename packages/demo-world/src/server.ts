import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { createWorldServer } from './worldServer.ts';

/**
 * `node packages/demo-world/src/server.ts --world DIR --port N` serves a
 * recorded world on loopback and prints its address once it answers; port 0
 * takes any.
 */
const { values } = parseArgs({
  options: {
    world: { type: 'string' },
    port: { type: 'string', default: '0' },
  },
});
const port = Number(values.port);
if (!values.world || !Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error('Usage: server.ts --world DIR [--port N]');
  process.exit(2);
}
const server = createWorldServer(values.world);
server.on('error', error => {
  console.error(`demo world: ${error.message}`);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => {
  const address = server.address() as AddressInfo;
  console.log(`demo world on http://127.0.0.1:${address.port}`);
});
