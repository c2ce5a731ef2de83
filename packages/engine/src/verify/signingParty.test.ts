import { bundleFromJSON } from '@sigstore/bundle';
import { CheckRecord } from './CheckRecord';
import { readArtifact } from './artifact';
import { signatureContent } from './signatureContent';
import { readSigningParty } from './signingParty';
import { loadTrustedRoot } from './trustedRoot';
import { MockInstance, digestOf } from './__testUtils__/MockInstance';

const ARTIFACT = Buffer.from('an artifact');

it('a certificate whose key cannot be tried is no party, and the check of the signature says why', async () => {
  const instance = await MockInstance.create();
  const bundle = bundleFromJSON(await instance.signMessage(ARTIFACT));
  const digest = Buffer.from(digestOf(ARTIFACT).slice(7), 'hex');
  const signature = signatureContent(
    bundle,
    { type: 'message-signature', hash: 'sha256', digest },
    readArtifact(digestOf(ARTIFACT), {}),
  );
  const profile = loadTrustedRoot({
    name: 'mock',
    json: instance.trustedRoot(),
  });
  const read = (obstacle?: string) => {
    const record = new CheckRecord(new Set());
    const obstacleOf = () => obstacle;
    const told = { ...signature, obstacleOf };
    const party = readSigningParty(record, bundle, told, profile);
    return { party, findings: record.findings() };
  };
  expect(read().party?.certificate?.identity).toBe('https://mock/identity');
  const { party, findings } = read('a key of another kind');
  expect(party).toBeUndefined();
  expect(findings).toEqual([
    { code: 'format-unsupported', detail: 'a key of another kind' },
  ]);
});
