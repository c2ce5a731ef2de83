import { ConfigReader } from '@backstage/config';
import { readSigstoreConfig } from './config';

const read = (sigstore?: object) =>
  readSigstoreConfig(
    new ConfigReader(sigstore ? ({ sigstore } as any) : {}),
    '/app',
  );

describe('readSigstoreConfig', () => {
  it('works without any configuration', () => {
    expect(read()).toEqual({
      trustedRoots: [
        {
          name: 'public-good',
          demo: false,
          tuf: {
            mirror: 'https://tuf-repo-cdn.sigstore.dev',
            target: 'trusted_root.json',
          },
        },
      ],
      policyFiles: [],
      hosts: [],
      fileRoots: [],
      repositories: new Map(),
      schedule: {
        discoveryMs: 300_000,
        recheckMs: 21_600_000,
        retryMs: 300_000,
        trustedRootsMs: 3_600_000,
      },
      flow: { enabled: true, concurrency: 4 },
    });
  });

  it('reads every key', () => {
    expect(
      read({
        trustedRoots: [
          { name: 'public', builtIn: 'public-good' },
          {
            name: 'own',
            file: 'roots/own.json',
            demo: true,
            thresholds: { transparencyLog: 0 },
          },
          { name: 'followed', tuf: {} },
          {
            name: 'followed-own',
            tuf: {
              mirror: 'https://tuf.acme.example/repo/',
              root: 'roots/root.json',
              target: 'acme/trusted_root.json',
            },
          },
        ],
        policies: { files: ['policies', '/etc/policies/a.yaml'] },
        hosts: [
          {
            host: 'registry.acme.example:5000',
            endpoint: 'http://127.0.0.1:5000/mirror',
            allowPrivateAddress: true,
            requestsAtATime: 2,
            requestsPerSecond: 3,
          },
        ],
        fileRoots: ['/plans'],
        repositories: [{ entity: 'Component:shop', repository: 'acme/shop' }],
        schedule: {
          discovery: '30s',
          recheck: { hours: 1 },
          retry: '1m',
          trustedRoots: '15m',
        },
        flow: { enabled: false, concurrency: 2 },
      }),
    ).toEqual({
      trustedRoots: [
        { name: 'public', demo: false },
        {
          name: 'own',
          file: '/app/roots/own.json',
          demo: true,
          thresholds: { transparencyLog: 0 },
        },
        {
          name: 'followed',
          demo: false,
          tuf: {
            mirror: 'https://tuf-repo-cdn.sigstore.dev',
            target: 'trusted_root.json',
          },
        },
        {
          name: 'followed-own',
          demo: false,
          tuf: {
            mirror: 'https://tuf.acme.example/repo',
            target: 'acme/trusted_root.json',
            root: '/app/roots/root.json',
          },
        },
      ],
      policyFiles: ['/app/policies', '/etc/policies/a.yaml'],
      hosts: [
        {
          host: 'registry.acme.example:5000',
          endpoint: 'http://127.0.0.1:5000/mirror',
          allowPrivateAddress: true,
          budget: { requestsAtATime: 2, requestsPerSecond: 3 },
        },
      ],
      fileRoots: ['/plans'],
      repositories: new Map([['component:default/shop', 'acme/shop']]),
      schedule: {
        discoveryMs: 30_000,
        recheckMs: 3_600_000,
        retryMs: 60_000,
        trustedRootsMs: 900_000,
      },
      flow: { enabled: false, concurrency: 2 },
    });
  });

  it.each([
    [{ trustedRoots: [{ name: 'a' }] }, 'trustedRoots[0]: write either file'],
    [
      { hosts: [{ host: 'ghcr.io', credentials: { username: 'a' } }] },
      'hosts[0].credentials is not read: credentials serve the entities',
    ],
    [
      { trustedRoots: [{ name: 'a', file: 'x', builtIn: 'public-good' }] },
      'not file and builtIn together',
    ],
    [
      { trustedRoots: [{ name: 'a', builtIn: 'public-good', tuf: {} }] },
      'not builtIn and tuf together',
    ],
    [
      { trustedRoots: [{ name: 'a', tuf: { mirror: 'http://tuf.example' } }] },
      'trustedRoots[0].tuf.mirror: "http://tuf.example" is not a plain https URL',
    ],
    [
      {
        trustedRoots: [{ name: 'a', tuf: { mirror: 'https://u:p@b.example' } }],
      },
      'is not a plain https URL',
    ],
    [
      { trustedRoots: [{ name: 'a', tuf: { mirror: 'https://tuf.example' } }] },
      'trustedRoots[0].tuf.root is missing; name the file of a root.json',
    ],
    [
      { trustedRoots: [{ name: 'a', tuf: { url: 'https://tuf.example' } }] },
      'trustedRoots[0].tuf.url is not read; use mirror, root, target',
    ],
    [
      { trustedRoots: [{ name: 'a', tuf: { target: '../x' } }] },
      'trustedRoots[0].tuf.target: "../x" is not the name of a target',
    ],
    [
      { trustedRoots: [{ name: 'a', builtIn: 'staging' }] },
      'the only one is public-good',
    ],
    [
      {
        trustedRoots: [
          { name: 'a', file: 'x' },
          { name: 'a', file: 'y' },
        ],
      },
      'trustedRoots[1].name: "a" is used twice',
    ],
    [
      {
        trustedRoots: [{ name: 'a', file: 'x', thresholds: { timestamp: 1 } }],
      },
      'thresholds.timestamp is not a threshold',
    ],
    [
      {
        trustedRoots: [
          { name: 'a', file: 'x', thresholds: { timestamps: -1 } },
        ],
      },
      'not a whole number',
    ],
    [{ hosts: [{ host: 'https://a.example' }] }, 'hosts[0].host'],
    [
      { hosts: [{ host: 'a.example', endpoint: 'ftp://b' }] },
      'hosts[0].endpoint',
    ],
    [
      { hosts: [{ host: 'a.example', requestsPerSecond: 0.5 }] },
      'hosts[0].requestsPerSecond: 0.5 is not a whole number from 1 to 1000',
    ],
    [{ fileRoots: ['plans'] }, 'fileRoots[0]'],
    [{ repositories: [{ entity: 'x:', repository: 'a/b' }] }, 'entity: "x:"'],
    [
      { repositories: [{ entity: 'component:x', repository: 'a/b/c' }] },
      'write owner/name',
    ],
    [{ schedule: { retry: { milliseconds: 5 } } }, 'schedule.retry is shorter'],
    [{ flow: { concurrency: 0 } }, 'flow.concurrency: 0'],
  ])('refuses %j and says why', (sigstore, message) => {
    expect(() => read(sigstore)).toThrow(message);
  });
});
