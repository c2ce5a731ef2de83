import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';

/** A server of files. */
export interface FileServer {
  close(): Promise<void>;
}

/**
 * Serves the files of a folder on loopback, as a host of static pages would.
 *
 * @param folder - its files are served, those in folders below too
 */
export async function serveFiles(
  folder: string,
  port: number,
): Promise<FileServer> {
  const server = http.createServer((request, response) => {
    // A path that would lead out of the folder starts anew at its top.
    const { pathname } = new URL(request.url ?? '', 'http://files');
    readFile(path.join(folder, pathname)).then(
      content => response.writeHead(200).end(content),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
