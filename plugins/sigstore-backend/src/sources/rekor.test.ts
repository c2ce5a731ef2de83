import { ConfigReader } from '@backstage/config';
import { rekorSources } from './rekor';

const allowed = ['rekor.acme.example', 'other.acme.example'];
const outbound = {
  allows: (url: string) => allowed.includes(new URL(url).hostname),
};
const read = (rekor?: unknown) =>
  rekorSources(
    new ConfigReader({ sigstore: { sources: { rekor } } } as never),
    outbound,
  );

describe('rekorSources', () => {
  it('searches no log that is not named', () => {
    expect(read()).toEqual([]);
  });

  it('searches the logs that are', () => {
    const urls = allowed.map(host => ({ url: `https://${host}` }));
    expect(read(urls)).toHaveLength(2);
  });

  it.each([
    ['http://rekor.acme.example', 'is not the base URL of a log'],
    ['https://robot:secret@rekor.acme.example', 'is not the base URL'],
    ['https://rekor.acme.example?a=b', 'is not the base URL of a log'],
    ['rekor.acme.example', 'is not the base URL of a log'],
    ['https://rekor.sigstore.dev', 'add it to sigstore.hosts'],
  ])('refuses %s', (url, message) => {
    const at = 'sigstore.sources.rekor[0].url';
    expect(() => read([{ url }])).toThrow(message);
    expect(() => read([{ url }])).toThrow(at);
  });

  it('refuses a log that is named twice', () => {
    const url = 'https://rekor.acme.example';
    expect(() => read([{ url }, { url: `${url}/` }])).toThrow(
      'is there already',
    );
  });
});
