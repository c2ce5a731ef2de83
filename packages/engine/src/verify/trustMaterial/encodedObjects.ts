import { ASN1Obj } from '@sigstore/core';

/*
 * The library keeps of each ASN.1 object its tag and the bytes of its value,
 * and encodes it anew, child by child, whenever its encoding is asked for. It
 * reads nothing but DER, where one value has one encoding, so tag, length and
 * the value's own bytes are that encoding.
 */

/** The DER encoding of an object, from the bytes it was read from. */
export function encodingOf({ tag, value }: ASN1Obj): Buffer {
  const length = encodedLength(value.length);
  const encoding = Buffer.allocUnsafe(1 + length.length + value.length);
  encoding[0] = tag.toDER();
  encoding.set(length, 1);
  encoding.set(value, 1 + length.length);
  return encoding;
}

/** X.690 §8.1.3, in the shortest form, as DER wants it. */
function encodedLength(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256);
  }
  return [0x80 + bytes.length, ...bytes];
}

/** An object that nobody changes: it is encoded as it was read. */
export class UnchangedObject extends ASN1Obj {
  static of({ tag, value, subs }: ASN1Obj): UnchangedObject {
    return new UnchangedObject(tag, value, subs);
  }

  toDER(): Buffer {
    return encodingOf(this);
  }
}

/** An object identifier whose text is made once. */
export class ReadIdentifier extends ASN1Obj {
  #text?: string;

  static of({ tag, value, subs }: ASN1Obj): ReadIdentifier {
    return new ReadIdentifier(tag, value, subs);
  }

  toOID(): string {
    this.#text ??= super.toOID();
    return this.#text;
  }
}
