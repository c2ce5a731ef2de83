import { IncomingMessage } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { LookupOutcome } from '@cloudythings/backstage-plugin-sigstore-common';
import { initializeCA } from '@sigstore/mock';
import {
  endless,
  TestAnswer,
  TestServer,
} from '../../__testUtils__/TestServer';

/** What a trouble may need around it. */
export type Surroundings = {
  /** Host that no request may ever reach, as its own server counts. */
  forbidden: TestServer;
  /** Name of an allowed host, whose server must see no credentials. */
  allowedHost: string;
};

/** One way in which a source can be in trouble, and what must be said then. */
export type Trouble = {
  outcome: LookupOutcome;
  /** What the cause says, in words. */
  cause: RegExp;
  /** What the requests that the trouble hits are answered. */
  answer?: (surroundings: Surroundings) => TestAnswer;
  /** Where the host is reached instead of at the server of the source. */
  endpoint?: (port: number) => Promise<{ url: string; close(): Promise<void> }>;
  allowPrivateAddress?: false;
  /** How long a request may take, where the trouble is that it takes longer. */
  timeoutMs?: number;
  /** When the source is asked again at the earliest, after the troubled moment. */
  nextDueAt?: string;
};

const HUGE_BYTES = 100 * 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
const status =
  (code: number, headers = {}) =>
  () => ({
    status: code,
    headers,
    body: '',
  });

/**
 * The troubles every source of evidence must withstand. A trouble is named by
 * what happens; a source says in `TroubledWorld`'s `expected` where it means
 * something else to it (to many sources, 404 is the answer "none").
 */
export const TROUBLES = {
  'nothing listens': {
    outcome: 'unreachable',
    cause: /the connection was refused/,
    endpoint: async () => {
      const server = await TestServer.start();
      const { url } = server;
      await server.close();
      return { url, close: async () => {} };
    },
  },
  'no answer comes': {
    outcome: 'unreachable',
    cause: /no answer in time/,
    answer: () => () => {},
    timeoutMs: 200,
  },
  'the answer comes drop by drop': {
    outcome: 'unreachable',
    cause: /no answer in time/,
    answer: () => (_, response) => {
      response.writeHead(200, JSON_TYPE);
      const drops = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drops));
    },
    timeoutMs: 200,
  },
  'the connection is reset': {
    outcome: 'unreachable',
    cause: /the connection was cut/,
    answer: () => (request, response) => {
      request.socket.resetAndDestroy();
      response.destroy();
    },
  },
  'the answer is cut': {
    outcome: 'unreachable',
    cause: /the connection was cut/,
    answer: () => (_, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '20' });
      response.write('{"half":', () => response.destroy());
    },
  },
  'status 401': {
    outcome: 'refused',
    cause: /refused the request \(status 401\)/,
    answer: status(401),
  },
  'status 403': {
    outcome: 'refused',
    cause: /refused the request \(status 403\)/,
    answer: status(403),
  },
  'status 404': {
    outcome: 'none',
    cause: /^$/,
    answer: status(404),
  },
  'status 429 with Retry-After': {
    outcome: 'refused',
    cause: /too many requests \(status 429\)/,
    answer: status(429, { 'retry-after': '600' }),
    nextDueAt: '2026-11-22T15:10:00.000Z',
  },
  'status 500': {
    outcome: 'unreachable',
    cause: /failed to answer \(status 500\)/,
    answer: status(500),
  },
  'status 503': {
    outcome: 'unreachable',
    cause: /failed to answer \(status 503\)/,
    answer: status(503),
  },
  'truncated JSON': {
    outcome: 'unreachable',
    cause: /./,
    answer: () => ({ headers: JSON_TYPE, body: '{"schemaVersion":2,"man' }),
  },
  'a web page': {
    outcome: 'unreachable',
    cause: /./,
    answer: () => ({
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<!doctype html><title>Log in</title>',
    }),
  },
  'an endless answer': {
    outcome: 'over-cap',
    cause: /holds a document of more than \d+ bytes/,
    answer: () => endless(JSON_TYPE).answer,
  },
  'an answer of 100 MB': {
    outcome: 'over-cap',
    cause: /holds a document of more than \d+ bytes/,
    answer: () => (_, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': HUGE_BYTES });
      const chunk = Buffer.alloc(64 * 1024, ' ');
      let left = HUGE_BYTES;
      const more = () => {
        while (left > 0 && !response.destroyed) {
          left -= chunk.length;
          if (!response.write(chunk)) return;
        }
        response.end();
      };
      response.on('drain', more);
      more();
    },
  },
  'a redirect to a host that is not allowed': {
    outcome: 'refused',
    cause: /is not on the list of allowed hosts/,
    answer: ({ forbidden }) => ({
      status: 307,
      headers: { location: `${forbidden.url}/stolen` },
    }),
  },
  'a redirect to an allowed host that has nothing': {
    outcome: 'none',
    cause: /^$/,
    answer: ({ allowedHost }) => ({
      status: 307,
      headers: { location: `https://${allowedHost}/nothing` },
    }),
  },
  'a token realm on a host that is not allowed': {
    outcome: 'refused',
    cause: /is not on the list of allowed hosts|status 401/,
    answer: ({ forbidden }) => ({
      status: 401,
      headers: {
        'www-authenticate': `Bearer realm="${forbidden.url}/token",service="r"`,
      },
    }),
  },
  'a token realm on an allowed host': {
    outcome: 'refused',
    cause: /status 40[14]/,
    answer: ({ allowedHost }) => ({
      status: 401,
      headers: {
        'www-authenticate': `Bearer realm="https://${allowedHost}/token",service="r"`,
      },
    }),
  },
  'a name that leads to a private address': {
    outcome: 'refused',
    cause: /private or link-local address/,
    endpoint: async port => ({
      url: `http://localhost:${port}`,
      close: async () => {},
    }),
    allowPrivateAddress: false,
  },
  'a certificate of nobody known': {
    outcome: 'unreachable',
    cause: /TLS certificate was not accepted/,
    endpoint: async () => {
      const server = await TestServer.start(await unknownCertificate());
      const url = server.url.replace('http:', 'https:');
      return { url, close: () => server.close() };
    },
  },
} as const satisfies Record<string, Trouble>;

export type TroubleName = keyof typeof TROUBLES;

export const TROUBLE_NAMES = Object.keys(TROUBLES) as TroubleName[];

/** Whether a request is one that a trouble hits. */
export type Hits = (request: IncomingMessage) => boolean;

async function unknownCertificate() {
  const keyPair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { rootCertificate } = await initializeCA(keyPair);
  const der = Buffer.from(rootCertificate.buffer).toString('base64');
  return {
    key: keyPair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`,
  };
}
