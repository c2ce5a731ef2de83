import path from 'node:path';
import { type LogName, addressOf, ctLogPrefix, names } from '../stack/names.ts';
import type { Cosign } from './cosign.ts';

/** Where timestamps are asked for. */
export const timestampAddress = `${addressOf('timestamp')}/api/v1/timestamp`;

/**
 * Writes the trusted root of a stack with `cosign trusted-root create`. Every
 * authority in it has an explicit start.
 *
 * @param dir - folder of the stack, with its certificates and public keys
 * @param logs - those of signatures
 */
export async function writeTrustedRoot(
  cosign: Cosign,
  dir: string,
  out: string,
  logs: LogName[],
): Promise<void> {
  const start = `start-time=${now()}`;
  const file = (name: string) => path.join(dir, name);
  const key = (log: LogName, name: string) =>
    `url=${addressOf(log)},public-key=${file(name)}`;
  const fulcio = `url=${addressOf('fulcio')},certificate-chain=${file(
    'fulcio-chain.pem',
  )},${start}`;
  const rekor = {
    rekor: `${key('rekor', 'rekor.pub')},origin=${names.rekor},${start}`,
    rekorV1: `${key('rekorV1', 'rekor-v1.pub')},${start}`,
  };
  const ctfe = `url=${addressOf('ctLog')}/${ctLogPrefix},public-key=${file(
    'ct-log.pub',
  )},${start}`;
  const tsa = `url=${timestampAddress},certificate-chain=${file(
    'timestamp-chain.pem',
  )},${start}`;
  await cosign.run([
    'trusted-root',
    'create',
    `--fulcio=${fulcio}`,
    ...logs.map(log => `--rekor=${rekor[log]}`),
    `--ctfe=${ctfe}`,
    `--tsa=${tsa}`,
    `--out=${out}`,
  ]);
}

/**
 * Writes a signing configuration with `cosign signing-config create`: which
 * services cosign signs with, one log or none, and one timestamp.
 */
export async function writeSigningConfig(
  cosign: Cosign,
  out: string,
  log: LogName | undefined,
): Promise<void> {
  const version = log === 'rekor' ? 2 : 1;
  const common = `start-time=${now()},operator=acme.example`;
  await cosign.run([
    'signing-config',
    'create',
    `--fulcio=url=${addressOf('fulcio')},api-version=1,${common}`,
    ...(log
      ? [
          `--rekor=url=${addressOf(log)},api-version=${version},${common}`,
          '--rekor-config=EXACT:1',
        ]
      : []),
    `--tsa=url=${timestampAddress},api-version=1,${common}`,
    '--tsa-config=EXACT:1',
    `--out=${out}`,
  ]);
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}
