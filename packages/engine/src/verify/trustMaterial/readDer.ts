import { ASN1Obj } from '@sigstore/core';
import { ReadObject } from './ReadObject';

const OCTET_STRING = 0x04;
const CONSTRUCTED = 0x20;
const MOST_DEPTH = 100;

type Tag = ASN1Obj['tag'];

/** Tags as the library reads them; undefined for an octet that is none to it. */
const TAGS = Array.from({ length: 256 }, (_, octet) => readTag(octet));

class DerReader {
  position = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Reads the object that begins here; undefined when there is none. */
  read(depth: number): ReadObject | undefined {
    if (depth > MOST_DEPTH) return undefined;
    // After the last octet there is none, and so no tag.
    const octet = this.#bytes[this.position++];
    const tag = TAGS[octet];
    const length = this.#length();
    if (!tag || length === undefined) return undefined;
    const start = this.position;
    const end = start + length;
    if (end > this.#bytes.length) return undefined;
    let children: ReadObject[] | undefined = [];
    // The library goes by the tag's number and class for octet strings, and
    // by this bit, whatever the type, for all that is made of other objects.
    if (octet & CONSTRUCTED || octet === OCTET_STRING) {
      children = this.#children(end, depth);
      if (!children && octet & CONSTRUCTED) return undefined;
    }
    this.position = end;
    return new ReadObject(
      tag,
      this.#bytes.subarray(start, end),
      children ?? [],
    );
  }

  #children(end: number, depth: number): ReadObject[] | undefined {
    const children = [];
    while (this.position < end) {
      const child = this.read(depth + 1);
      if (!child) return undefined;
      children.push(child);
    }
    return this.position === end ? children : undefined;
  }

  #length(): number | undefined {
    const first = this.#bytes[this.position++];
    if (first === undefined || first < 0x80) return first;
    const octets = first - 0x80;
    if (this.#bytes[this.position] === 0) return undefined;
    let length = 0;
    for (let count = 0; count < octets; count++) {
      length = length * 256 + this.#bytes[this.position++];
    }
    // Also where bytes ran out, or none were announced.
    return length >= 0x80 ? length : undefined;
  }
}

function readTag(octet: number): Tag | undefined {
  try {
    return ASN1Obj.parseBuffer(Buffer.from([octet, 0])).tag;
  } catch {
    // A long form, or a tag of no type.
  }
  return undefined;
}

/**
 * Reads DER into the objects that the library's own reader makes of it, and
 * refuses what it refuses. The library looks into every octet string for
 * objects and throws an error for each that holds none, which is most of the
 * time it takes to read a certificate.
 *
 * @throws Error when it is not the DER of one object
 */
export function readDer(der: Uint8Array): ReadObject {
  const reader = new DerReader(Buffer.from(der));
  const object = reader.read(0);
  if (!object || reader.position !== der.length) {
    throw new Error('this is not the DER encoding of one object');
  }
  return object;
}
