const LONGEST_VARINT = 5;

/**
 * Reads how long a Snappy block is when decoded, from its first bytes.
 *
 * @returns nothing where it does not say so
 */
export function snappyLength(
  block: Uint8Array,
): { length: number; start: number } | undefined {
  let length = 0;
  for (let at = 0; at < Math.min(LONGEST_VARINT, block.length); at++) {
    length += (block[at] % 128) * 128 ** at;
    if (block[at] < 128) return { length, start: at + 1 };
  }
  return undefined;
}

/**
 * Decodes a Snappy block
 * (https://github.com/google/snappy/blob/main/format_description.txt): literals
 * and copies of what was decoded before. Nothing is allocated but the result,
 * and the work is bounded by the two lengths: every element yields at least one
 * byte, and none yields more than there is room for.
 *
 * @param maxBytes - most that the block may say that it holds
 * @throws RangeError when it says more; `Error` when it is no Snappy block
 */
export function decodeSnappy(block: Uint8Array, maxBytes: number): Buffer {
  const announced = snappyLength(block);
  if (!announced) throw new Error('it is not compressed with Snappy');
  if (announced.length > maxBytes) {
    throw new RangeError(`it holds more than ${maxBytes} bytes`);
  }
  const output = Buffer.alloc(announced.length);
  let at = announced.start;
  let filled = 0;
  while (at < block.length) {
    const element = readElement(block, at);
    const { start, length, offset } = element;
    if (filled + length > output.length) throw corrupt();
    if (offset === undefined) {
      if (start + length > block.length) throw corrupt();
      output.set(block.subarray(start, start + length), filled);
      at = start + length;
    } else {
      if (offset === 0 || offset > filled) throw corrupt();
      // What is copied may overlap what it is copied to.
      for (let index = 0; index < length; index++) {
        output[filled + index] = output[filled - offset + index];
      }
      at = start;
    }
    filled += length;
  }
  if (filled !== output.length) throw corrupt();
  return output;
}

type Element = {
  /** Where its bytes begin, or the next element. */
  start: number;
  length: number;
  /** How far back it copies from; a literal has none. */
  offset?: number;
};

function readElement(block: Uint8Array, at: number): Element {
  const tag = block[at];
  const upper = Math.floor(tag / 4);
  switch (tag % 4) {
    case 0: {
      const extra = Math.max(0, upper - 59);
      const length = extra > 0 ? littleEndian(block, at + 1, extra) : upper;
      return { start: at + 1 + extra, length: length + 1 };
    }
    case 1: {
      const offset =
        Math.floor(tag / 32) * 256 + littleEndian(block, at + 1, 1);
      return { start: at + 2, length: (upper % 8) + 4, offset };
    }
    default: {
      const bytes = tag % 4 === 2 ? 2 : 4;
      const offset = littleEndian(block, at + 1, bytes);
      return { start: at + 1 + bytes, length: upper + 1, offset };
    }
  }
}

function littleEndian(block: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > block.length) throw corrupt();
  let value = 0;
  for (let index = 0; index < bytes; index++) {
    value += block[at + index] * 256 ** index;
  }
  return value;
}

function corrupt(): Error {
  return new Error('it is not a whole Snappy block');
}
