import { crc32, gzipSync } from 'node:zlib';

/** When every file of the world was built and last changed. */
export const builtAt = '2026-01-05T09:00:00Z';

const changed = new Date(builtAt);

/**
 * A tar archive (POSIX ustar) of text files, the same bytes for the same files.
 *
 * @param files - content by path; paths up to 100 characters
 */
export function tar(files: Record<string, string>): Buffer {
  const blocks: Buffer[] = [];
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    blocks.push(tarHeader(name, content.length), content);
    blocks.push(Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  blocks.push(Buffer.alloc(1024));
  return Buffer.concat(blocks);
}

/** The same, compressed; the header names no time and no system. */
export function tarGzip(files: Record<string, string>): Buffer {
  const archive = gzipSync(tar(files), { level: 9 });
  archive[9] = 255;
  return archive;
}

function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) =>
    `${value.toString(8).padStart(length - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(changed.getTime() / 1000, 12), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/**
 * A zip archive of text files, stored without compression, the same bytes for
 * the same files.
 */
export function zip(files: Record<string, string>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text);
    const path = Buffer.from(name);
    const shared = zipFields(content, path);
    const local = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      shared,
      path,
      content,
    ]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), shared, tail, path]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function zipFields(content: Buffer, path: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(dosTime(), 6);
  fields.writeUInt16LE(dosDate(), 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(path.length, 22);
  return fields;
}

function dosTime(): number {
  return changed.getUTCHours() * 2048 + changed.getUTCMinutes() * 32;
}

function dosDate(): number {
  return (
    (changed.getUTCFullYear() - 1980) * 512 +
    (changed.getUTCMonth() + 1) * 32 +
    changed.getUTCDate()
  );
}
