import { OutboundClient } from '../../outbound';
import { GithubServer } from './__testUtils__/GithubServer';
import { GithubApi } from './GithubApi';
import { GithubFacts } from './GithubFacts';

describe('GithubFacts', () => {
  let server: GithubServer;
  let outbound: OutboundClient;
  let facts: GithubFacts;

  beforeEach(async () => {
    server = await GithubServer.start();
    server.repositories = [
      { id: 1, owner: 'acme', name: 'app', attestations: {} },
    ];
    outbound = OutboundClient.create({
      hosts: [
        {
          host: 'api.acme.example',
          endpoint: server.url,
          allowPrivateAddress: true,
        },
      ],
      includeWellKnownHosts: false,
    });
    const api = new GithubApi({ apiUrl: 'https://api.acme.example' });
    facts = new GithubFacts(api, () => new Date('2026-11-22T12:00:00Z'));
  });

  afterEach(async () => {
    await outbound.close();
    await server.close();
  });

  it('are asked for once, and by one whose time is over for all others', async () => {
    server.hold();
    const hurried = new AbortController();
    const first = facts.ownerKind('acme', {
      outbound,
      signal: hurried.signal,
    });
    const patient = new AbortController();
    const others = [
      facts.ownerKind('acme', { outbound, signal: patient.signal }),
      facts.ownerKind('acme', { outbound }),
    ];
    hurried.abort();
    await expect(first).rejects.toThrow(/did not answer in the time it has/);
    server.release();
    expect(await Promise.all(others)).toEqual(['orgs', 'orgs']);
    expect(server.requests).toHaveLength(1);
  });
});
