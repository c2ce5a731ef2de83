import { findLog } from './logs';
import { BundleLogEntry } from './reading';
import { VerificationProfile } from './trustedRoot';

describe('findLog', () => {
  const keyId = Buffer.from('an ID');
  const validFor = { start: new Date(0), end: new Date(1) };
  const find = (logID: Buffer, baseURL: string) =>
    findLog(
      {
        material: { trust: { tlogs: [{ logID, baseURL, validFor }] } },
      } as unknown as VerificationProfile,
      { logId: { keyId } } as BundleLogEntry,
    );

  it.each([
    ['https://log.example', 'log.example'],
    ['https://log.example/', 'log.example'],
    ['https://log.example//', 'log.example'],
    ['https://log.example/2026/a/', 'log.example/2026/a'],
    ['log.example/https://other.example', 'log.example/https://other.example'],
  ])('the log %s goes by the name %s', (name, origin) => {
    expect(find(keyId, name)).toEqual({ name, origin, ...validFor });
  });

  it('a log of another ID is another log', () => {
    expect(find(Buffer.from('another'), 'log.example')).toBeUndefined();
  });
});
