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
    const { tag, value } = this;
    const length = lengthOctets(value.length);
    const encoding = Buffer.allocUnsafe(1 + length.length + value.length);
    encoding[0] = tag.toDER();
    encoding.set(length, 1);
    encoding.set(value, 1 + length.length);
    return encoding;
  }

  toOID(): string {
    this.#identifier ??= super.toOID();
    return this.#identifier;
  }
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
