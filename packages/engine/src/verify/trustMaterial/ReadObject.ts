import { ASN1Obj } from '@sigstore/core';

/**
 * An ASN.1 object as it was read, for nobody to change. The library encodes
 * its objects anew, child by child, whenever their encoding is asked for. It
 * accepts nothing but DER, where a value has one encoding: tag, length and the
 * very bytes it was read from.
 */
export class ReadObject extends ASN1Obj {
  #identifier?: string;

  toDER(): Buffer {
    return encode(this.tag, [this.value]);
  }

  toOID(): string {
    this.#identifier ??= super.toOID();
    return this.#identifier;
  }
}

/** A copy of an object that may be changed: it is encoded by its children. */
export class ChangeableObject extends ASN1Obj {
  toDER(): Buffer {
    const { tag, value, subs } = this;
    return encode(
      tag,
      subs.length > 0 ? subs.map(child => child.toDER()) : [value],
    );
  }
}

function encode(tag: ASN1Obj['tag'], parts: Buffer[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([
    Buffer.of(tag.toDER(), ...lengthOctets(size)),
    ...parts,
  ]);
}

/** X.690 §8.1.3, in the shortest form, as DER wants it. */
function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
    octets.unshift(rest % 256);
  }
  return [0x80 + octets.length, ...octets];
}
