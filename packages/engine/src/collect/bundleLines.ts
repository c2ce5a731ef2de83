import { createHash } from 'node:crypto';
import { assembleEnvelope, Assembled } from './blobSignature';
import { recognizeBundle } from './bundleMediaTypes';
import { CAPS } from './caps';
import { CollectTarget } from './evidence';
import { Gathering } from './Gathering';
import { jsonObject } from './jsonObject';
import { cutShort, isGivenInPart } from './readBeside';

/** How many lines are looked at for each that is read, to choose among them. */
const SEARCHED = 8;

/**
 * Adds what a file of JSON lines holds: bundles, and DSSE envelopes that carry
 * their certificate. What is known to be sound comes first, then attestations of
 * the types that policies name.
 */
export function addBundleLines(
  bytes: Buffer,
  gathering: Gathering,
  target: CollectTarget,
): void {
  const lines = linesOf(bytes).map(line => read(line, target));
  if (lines.length > CAPS.examined) {
    gathering.overCap(`holds more than ${CAPS.examined} lines of evidence`);
  }
  lines
    .sort((a, b) => a.turn - b.turn)
    .slice(0, CAPS.examined)
    .forEach(({ found }) => {
      if (found === 'cut short') gathering.fail(cutShort(target.reference));
      else if ('unsupported' in found) gathering.unsupported(found.unsupported);
      else gathering.add(found.mediaType, found.bytes);
    });
}

/** One document written over several lines is read as one. */
function linesOf(bytes: Buffer): Buffer[] {
  if (jsonObject(bytes)) return [bytes];
  const lines: Buffer[] = [];
  let start = 0;
  // One more than is read is enough to know that there are more.
  while (start < bytes.length && lines.length <= CAPS.examined * SEARCHED) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    // Written on Windows or not, the same evidence has the same digest.
    const isCut = bytes[end - 1] === 13;
    const line = bytes.subarray(start, isCut ? end - 1 : end);
    if (line.toString('latin1').trim() !== '') lines.push(line);
    start = end + 1;
  }
  return lines;
}

function read(
  line: Buffer,
  { reference, known, wantedTypes }: CollectTarget,
): { found: Assembled | 'cut short'; turn: number } {
  if (isGivenInPart(reference, line)) return { found: 'cut short', turn: 0 };
  const found = interpret(line);
  if ('unsupported' in found) return { found, turn: 2 };
  const hex = createHash('sha256').update(found.bytes).digest('hex');
  if (known.has(`sha256:${hex}`)) return { found, turn: 0 };
  const type = statedType(found.bytes);
  return { found, turn: type && wantedTypes?.has(type) ? 1 : 2 };
}

function interpret(line: Buffer): Assembled {
  const json = jsonObject(line);
  if (json && !('mediaType' in json)) {
    if ('payloadType' in json) return assembleEnvelope(json, line);
    if ('_type' in json)
      return { unsupported: 'statement without a signature' };
  }
  const { supported, mediaType } = recognizeBundle(line);
  return supported
    ? { mediaType, bytes: Buffer.from(line) }
    : { unsupported: mediaType };
}

/** A hint for the order, out of bytes that nothing was verified of. */
function statedType(bytes: Buffer): string | undefined {
  const envelope = jsonObject(bytes)?.dsseEnvelope as
    | { payload?: unknown }
    | undefined;
  const payload = Buffer.from(`${envelope?.payload ?? ''}`, 'base64');
  const type = jsonObject(payload)?.predicateType;
  return typeof type === 'string' ? type : undefined;
}
