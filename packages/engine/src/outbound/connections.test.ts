import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { TestServer } from '../__testUtils__/TestServer';
import { AddressNotAllowedError, guardConnections } from './connections';

describe('guardConnections', () => {
  let server: TestServer;
  let socket: Socket;

  beforeEach(async () => {
    server = await TestServer.start();
    socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
  });

  afterEach(async () => {
    socket.destroy();
    await server.close();
  });

  // As when a name has another address by the time the connection is made.
  function guarded(isPermitted: (address: string) => boolean) {
    const guard = guardConnections(
      (_, done) => done(null, socket),
      isPermitted,
    );
    const target = { hostname: 'a.example', protocol: 'https:', port: '443' };
    return new Promise<Socket>((resolve, reject) => {
      guard(target, (...[error, connected]) =>
        connected ? resolve(connected) : reject(error),
      );
    });
  }

  it('asks about the address that the socket is connected to', async () => {
    const asked: string[] = [];
    const connected = await guarded(address => asked.push(address) > 0);
    expect(connected).toBe(socket);
    expect(asked).toEqual(['127.0.0.1']);
  });

  it('closes a connection that ended where it may not', async () => {
    await expect(guarded(() => false)).rejects.toThrow(AddressNotAllowedError);
    expect(socket.destroyed).toBe(true);
  });
});
