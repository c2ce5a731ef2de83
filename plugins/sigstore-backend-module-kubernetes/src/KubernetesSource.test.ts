import { mockServices } from '@backstage/backend-test-utils';
import { RunningAnswer } from '@cloudythings/backstage-plugin-sigstore-node';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { podOf } from './__testUtils__/ApiServer';
import { KubernetesApi } from './KubernetesApi';
import { KubernetesSource } from './KubernetesSource';

jest.setTimeout(60_000);

const A = `sha256:${'a'.repeat(64)}`;
const RUNNING = podOf('a', {}, 'ghcr.io/acme/a:1', `ghcr.io/acme/a@${A}`);

// More than are asked at a time.
const QUESTIONS = Array.from({ length: 20 }, (_, n) =>
  JSON.stringify({ selector: `app=a${n}` }),
);

type Options = { signal?: AbortSignal; labelSelectors?: boolean };

describe('KubernetesSource, with a cluster that swallows questions', () => {
  let server: Server;
  let asked: number;
  let whenAsked: () => void;
  /** Whether the silent cluster gives one page before it falls silent. */
  let givesPage: boolean;

  beforeEach(async () => {
    asked = 0;
    whenAsked = () => {};
    givesPage = false;
    // Speaks the part of the Kubernetes plugin's contract that is made use of.
    server = createServer((request, response) => {
      const answer = (body: object) => response.end(JSON.stringify(body));
      const list = (next?: string) =>
        answer({
          kind: 'PodList',
          metadata: { continue: next },
          items: [RUNNING],
        });
      const cluster = request.headers['backstage-kubernetes-cluster'];
      if (request.url === '/clusters') {
        answer({ items: [{ name: 'silent' }, { name: 'eu' }] });
      } else if (cluster === 'eu') {
        list();
      } else if (givesPage && !request.url!.includes('continue=')) {
        list('more');
      } else {
        asked += 1;
        whenAsked();
      }
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => {
      server.close(resolve);
    });
  });

  const observe = async (
    timeoutMs: number,
    { signal, labelSelectors = true }: Options = {},
  ) => {
    const { port } = server.address() as AddressInfo;
    const discovery = mockServices.discovery.mock({
      getBaseUrl: async () => `http://127.0.0.1:${port}`,
    });
    const api = new KubernetesApi({
      auth: mockServices.auth(),
      discovery,
      timeoutMs,
    });
    const source = new KubernetesSource(api, {
      skipClusters: [],
      labelSelectors,
    });
    const answers = await source.observe(QUESTIONS, {
      signal: signal ?? new AbortController().signal,
    });
    return ['cluster silent', 'cluster eu'].map(place =>
      answers.filter(answer => answer.place === place),
    );
  };
  const outcomes = (answers: RunningAnswer[]) =>
    answers.map(({ outcome }) => outcome);
  const all = (outcome: string) => QUESTIONS.map(() => outcome);

  it('asks it no more after a few, and all others', async () => {
    const [silent, eu] = await observe(1000);
    expect(outcomes(silent)).toEqual(all('unreachable'));
    expect(outcomes(eu)).toEqual(all('complete'));
    // Some are on their way when the last of the first few is given up.
    expect(asked).toBeLessThan(8);
  });

  it('gives what it has when its time is over', async () => {
    const over = new AbortController();
    givesPage = true;
    whenAsked = () => {
      if (asked === 4) over.abort();
    };
    const [silent] = await observe(60_000, over);
    expect(outcomes(silent)).toEqual(all('unreachable'));
    // What was read before it fell silent counts.
    const seen = silent.filter(({ artifacts }) => artifacts.length > 0);
    expect(seen).toHaveLength(4);
  });

  it('asks for nothing by labels where that is switched off', async () => {
    const [silent, eu] = await observe(60_000, { labelSelectors: false });
    expect(outcomes([...silent, ...eu])).toEqual([
      ...all('refused'),
      ...all('refused'),
    ]);
    expect(eu[0].cause).toContain('switched off in the configuration');
  });
});
