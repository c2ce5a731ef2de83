import path from 'node:path';
import { addressOf, ctLogPrefix, names } from '../stack/names.ts';
import type { Cosign } from './cosign.ts';

/** Where timestamps are asked for. */
export const timestampAddress = `${addressOf('timestamp')}/api/v1/timestamp`;

/**
 * Writes the trusted root of a stack with `cosign trusted-root create`. Every
 * authority in it has an explicit start.
 *
 * @param dir - folder of the stack, with its certificates and public keys
 */
export async function writeTrustedRoot(
  cosign: Cosign,
  dir: string,
  out: string,
): Promise<void> {
  const start = `start-time=${now()}`;
  const file = (name: string) => path.join(dir, name);
  const fulcio = `url=${addressOf('fulcio')},certificate-chain=${file(
    'fulcio-chain.pem',
  )},${start}`;
  const rekor = `url=${addressOf('rekor')},public-key=${file(
    'rekor.pub',
  )},origin=${names.rekor},${start}`;
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
    `--rekor=${rekor}`,
    `--ctfe=${ctfe}`,
    `--tsa=${tsa}`,
    `--out=${out}`,
  ]);
}

/**
 * Writes a signing configuration with `cosign signing-config create`: which
 * services cosign signs with, one log and one timestamp.
 */
export async function writeSigningConfig(
  cosign: Cosign,
  out: string,
): Promise<void> {
  const common = `start-time=${now()},operator=acme.example`;
  await cosign.run([
    'signing-config',
    'create',
    `--fulcio=url=${addressOf('fulcio')},api-version=1,${common}`,
    `--rekor=url=${addressOf('rekor')},api-version=2,${common}`,
    '--rekor-config=EXACT:1',
    `--tsa=url=${timestampAddress},api-version=1,${common}`,
    '--tsa-config=EXACT:1',
    `--out=${out}`,
  ]);
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}
