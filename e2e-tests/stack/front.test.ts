import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { after, before, describe, it } from 'node:test';
import { type Front, startFront } from './front.ts';
import { toolPath } from './tools.ts';

describe('the loopback proxy', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'front-'));
  const upstream = http.createServer((request, response) => {
    response.end(
      `${request.method} ${request.url} for ${request.headers.host}`,
    );
  });
  let front: Front;

  before(async () => {
    execFileSync(toolPath('authorities'), [
      `--out=${dir}`,
      '--organization=Test',
      '--tls-names=service.example,issuer.example',
    ]);
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    front = await startFront(
      {
        'service.example': { port: (upstream.address() as AddressInfo).port },
        'issuer.example': { documents: { '/keys': { keys: [] } } },
      },
      {
        key: readFileSync(path.join(dir, 'tls.key'), 'utf8'),
        cert: readFileSync(path.join(dir, 'tls.pem'), 'utf8'),
      },
    );
  });
  after(async () => {
    await front.close();
    upstream.close();
    rmSync(dir, { recursive: true });
  });

  const connect = async (host: string) => {
    const request = http.request({
      host: '127.0.0.1',
      port: front.port,
      method: 'CONNECT',
      path: `${host}:443`,
    });
    request.end();
    const [answer, socket] = (await once(request, 'connect')) as [
      http.IncomingMessage,
      Socket,
    ];
    return { status: answer.statusCode, socket };
  };

  const get = async (host: string, target: string) => {
    const { socket } = await connect(host);
    const secure = tls.connect({
      socket,
      servername: host,
      ca: readFileSync(path.join(dir, 'tls-root.pem'), 'utf8'),
    });
    secure.write(
      `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    );
    let text = '';
    for await (const chunk of secure) text += chunk;
    return { status: Number(text.split(' ')[1]), text };
  };

  it('leads a name to its process, with a certificate of the private authority', async () => {
    const { status, text } = await get('service.example', '/v2/?a=b');
    assert.equal(status, 200);
    assert.match(text, /GET \/v2\/\?a=b for service\.example/);
  });

  it('answers with documents', async () => {
    assert.match(
      (await get('issuer.example', '/keys')).text,
      /\{"keys":\[\]\}/,
    );
    assert.equal((await get('issuer.example', '/other')).status, 404);
  });

  it('leads nowhere else', async () => {
    const { status, socket } = await connect('sigstore.example');
    socket.destroy();
    assert.equal(status, 502);
  });
});
