import { createServer } from 'node:net';
import { Problem } from './problem.mjs';

function listen(port, host) {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const { port: given } = server.address();
      server.close(() => resolve(given));
    });
  });
}

/**
 * A port that is free on loopback now: the wanted one, or any when it is 0.
 * Throws a Problem when the wanted one is taken.
 */
export async function freePort(wanted) {
  try {
    const port = await listen(wanted, '127.0.0.1');
    // The address we print says localhost, which a browser may read as ::1.
    await listen(port, '::1').catch(error => {
      if (error.code === 'EADDRINUSE') throw error;
    });
    return port;
  } catch (error) {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    throw new Problem(
      `Port ${wanted} is ${
        error.code === 'EACCES' ? 'not allowed' : 'taken'
      }. Choose another one: npm run demo -- --port ${
        wanted < 1024 ? 7007 : wanted + 1
      }`,
    );
  }
}
