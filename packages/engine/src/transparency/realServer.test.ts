import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { dsse } from '@sigstore/core';
import { OutboundClient } from '../outbound';
import { RekorClient } from './RekorClient';
import { RekorEntry, leafOf } from './rekorEntry';

const { REKOR_TEST_URL: endpoint = '' } = process.env;
const live = endpoint ? describe : describe.skip;
const IN_TOTO = 'application/vnd.in-toto+json';

const sha256 = (bytes: Buffer | string) =>
  createHash('sha256').update(bytes).digest('hex');
const base64 = (text: Buffer | string) => Buffer.from(text).toString('base64');

jest.setTimeout(60_000);

// A Rekor server of version 1 with search and attestation storage: set
// REKOR_TEST_URL. It gets new entries.
live('a real Rekor log of version 1', () => {
  let outbound: OutboundClient;
  let client: RekorClient;
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });
  const key = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const subject = sha256(randomUUID());
  const payload = Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'x', digest: { sha256: subject } }],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {},
    }),
  );
  const digests: string[] = [];
  const signatures: string[] = [];
  let statements: string[];

  const signature = (data: Buffer) => ({
    data: { hash: { algorithm: 'sha256', value: sha256(data) } },
    signature: {
      content: sign('sha256', data, privateKey).toString('base64'),
      publicKey: { content: base64(key) },
    },
  });
  const envelope = (sig: string) => ({
    proposedContent: {
      envelope: JSON.stringify({
        payloadType: IN_TOTO,
        payload: base64(payload),
        signatures: [{ sig }],
      }),
      verifiers: [base64(key)],
    },
  });
  const statement = (sig: string) => ({
    content: {
      envelope: {
        payloadType: IN_TOTO,
        payload: base64(base64(payload)),
        signatures: [{ sig: base64(sig), publicKey: base64(key) }],
      },
      hash: { algorithm: 'sha256', value: sha256('an envelope') },
      payloadHash: { algorithm: 'sha256', value: sha256(payload) },
    },
  });

  beforeAll(async () => {
    outbound = OutboundClient.create({
      hosts: [
        { host: 'rekor.acme.example', endpoint, allowPrivateAddress: true },
      ],
      includeWellKnownHosts: false,
    });
    client = new RekorClient({
      url: 'https://rekor.acme.example',
      outbound,
    });
    for (let count = 0; count < 12; count++) {
      const data = Buffer.from(randomUUID());
      digests.push(sha256(data));
      signatures.push(await log('hashedrekord', '0.0.1', signature(data)));
    }
    const signed = dsse.preAuthEncoding(IN_TOTO, payload);
    const sig = sign('sha256', signed, privateKey).toString('base64');
    statements = [
      await log('dsse', '0.0.1', envelope(sig)),
      await log('intoto', '0.0.2', statement(sig)),
    ];
    await indexed();
  });

  afterAll(() => outbound.close());

  async function log(kind: string, apiVersion: string, spec: object) {
    const response = await fetch(`${endpoint}/api/v1/log/entries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind, apiVersion, spec }),
    });
    const answer = await response.text();
    if (response.status !== 201) throw new Error(answer);
    return leafOf(Object.keys(JSON.parse(answer))[0]);
  }

  /** The index is written after the entry, some time. */
  async function indexed(): Promise<void> {
    for (let tries = 0; tries < 1000; tries++) {
      const found = await client.searchByKey(key);
      if (found.length === signatures.length + statements.length) return;
    }
    throw new Error('the index was not written');
  }

  const leaves = (uuids: string[]) => uuids.map(leafOf).sort();

  it('finds signatures by what was signed, and statements by what they are about', async () => {
    const one = await client.searchByDigest(`sha256:${digests[3]}`);
    expect(leaves(one)).toEqual([signatures[3]]);
    const about = await client.searchByDigest(`sha256:${subject}`);
    expect(leaves(about)).toEqual([...statements].sort());
  });

  it('finds by key what is listed in either form', async () => {
    const found = await client.searchByKey(key);
    expect(leaves(found)).toEqual([...signatures, ...statements].sort());
  });

  it('knows e-mail addresses and subjects', async () => {
    expect(await client.searchByEmail('nobody@acme.example')).toEqual([]);
    expect(await client.searchBySubject('https://nobody.example')).toEqual([]);
  });

  it('gives more than ten entries, and what it has is told from what it has not', async () => {
    const none = 'ab'.repeat(32);
    const entries: RekorEntry[] = [];
    const missing: string[] = [];
    const parts = client.retrieve([...signatures, ...statements, none]);
    for await (const part of parts) {
      entries.push(...part.entries);
      missing.push(...part.missing);
    }
    expect(entries).toHaveLength(14);
    expect(missing).toEqual([none]);
    const kept = entries.filter(({ attestation }) => attestation?.data);
    expect(kept.map(({ uuid }) => leafOf(uuid))).toEqual([statements[1]]);
  });
});
