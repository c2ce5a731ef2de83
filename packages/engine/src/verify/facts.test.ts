import { bundleFromJSON } from '@sigstore/bundle';
import { describeFacts } from './facts';
import { describeLogEntry } from './describeLogEntry';
import { findLog } from './logs';
import { Reading, logEntriesOf } from './reading';
import { readSigningCertificate } from './signingCertificate';
import { loadTrustedRoot } from './trustedRoot';
import { MockInstance } from './__testUtils__/MockInstance';

describe('what is written down of evidence that holds', () => {
  let instance: MockInstance;
  let reading: Reading;

  beforeAll(async () => {
    instance = await MockInstance.create();
    const bundle = bundleFromJSON(
      await instance.signMessage(Buffer.from('an artifact')),
    );
    const certificate = readSigningCertificate(bundle);
    const json = instance.trustedRoot();
    reading = {
      bundle,
      party: { certificate },
      content: { type: 'message-signature' },
      profile: loadTrustedRoot({ name: 'mock', json }),
    } as Reading;
  });

  it.each([
    ['ab', 'ab'],
    ['00ab', 'ab'],
    ['0000ab00', 'ab00'],
    ['00', '00'],
  ])('the serial number %s is shown as %s', (hex, shown) => {
    const { certificate } = reading.party;
    const parsed = Object.create(certificate!.parsed, {
      serialNumber: { value: Buffer.from(hex, 'hex') },
    });
    const party = { certificate: { ...certificate!, parsed } };
    const { certificate: facts } = describeFacts({ ...reading, party }, []);
    expect(facts?.serialNumber).toBe(shown);
  });

  it('entries of logs that the root does not contain are left out', () => {
    expect(describeFacts(reading, []).logEntries).toHaveLength(1);
    const json = instance.trustedRoot(root => {
      root.tlogs[0].logId.keyId = 'AAAA';
    });
    const profile = loadTrustedRoot({ name: 'mock', json });
    expect(describeFacts({ ...reading, profile }, []).logEntries).toEqual([]);
  });

  it('of a log entry what its log signed', () => {
    const [entry] = logEntriesOf(reading.bundle);
    const log = findLog(reading.profile, entry)!;
    const { inclusionProof } = entry;
    const described = describeLogEntry(entry, log);
    expect(described).toEqual({
      logId: instance.logId().toString('hex'),
      logName: 'https://rekor.mock',
      logIndex: entry.logIndex,
      kind: 'hashedrekord 0.0.1',
      inclusion: {
        treeSize: inclusionProof?.treeSize,
        rootHash: inclusionProof?.rootHash.toString('base64'),
        checkpointOrigin: expect.stringMatching(/^rekor\.mock - \d+$/),
      },
      integratedTime: instance.clock.toISOString(),
    });
    const { inclusion, ...withoutProof } = described;
    expect(inclusion).toBeDefined();
    expect(
      describeLogEntry({ ...entry, inclusionProof: undefined }, log),
    ).toEqual(withoutProof);
  });
});
