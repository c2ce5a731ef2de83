import { ASN1Obj, X509Certificate } from '@sigstore/core';
import fc from 'fast-check';
import { MockInstance, newKeys } from '../__testUtils__/MockInstance';
import { CachedCertificate } from './CachedCertificate';
import { ChangeableObject } from './ReadObject';
import { readDer } from './readDer';

type Tree = {
  tag: { number: number; class: number; constructed: boolean };
  value: string;
  children: Tree[];
};

function treeOf({ tag, value, subs }: ASN1Obj): Tree {
  const { number, class: tagClass, constructed } = tag;
  return {
    tag: { number, class: tagClass, constructed },
    value: value.toString('hex'),
    children: subs.map(treeOf),
  };
}

function attempt<T>(action: () => T): T | 'refused' {
  try {
    return action();
  } catch {
    return 'refused';
  }
}

/** Both readers come to the same objects, or both refuse. */
function expectSame(der: Buffer<ArrayBuffer>) {
  expect(attempt(() => treeOf(readDer(der)))).toEqual(
    attempt(() => treeOf(ASN1Obj.parseBuffer(der))),
  );
}

/** Bytes that are more often DER than others. */
const nearlyDer: fc.Arbitrary<number[]> = fc.letrec<{ bytes: number[] }>(
  tie => ({
    bytes: fc.oneof(
      { maxDepth: 6 },
      fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 4 }),
      fc
        .tuple(
          fc.constantFrom(0x30, 0x31, 0x04, 0x02, 0x06, 0xa0, 0x83, 0x24, 0x00),
          fc.array(tie('bytes'), { maxLength: 4 }),
          fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1),
        )
        .map(([tag, parts, off]) => {
          const value = parts.flat();
          const length = Math.max(0, value.length + off);
          const octets =
            length < 128 ? [length] : [0x82, length >> 8, length & 0xff];
          return [tag, ...octets, ...value];
        }),
    ),
  }),
).bytes;

describe('readDer', () => {
  let der: Buffer<ArrayBuffer>;

  beforeAll(async () => {
    const instance = await MockInstance.create();
    const { publicKey } = newKeys('prime256v1');
    der = Buffer.from(await instance.certificate(publicKey));
  });

  it('reads what the library reads, and refuses what it refuses', () => {
    fc.assert(
      fc.property(nearlyDer, bytes => expectSame(Buffer.from(bytes))),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a long form tag', '1f0100'],
    ['a tag of no type', '0000'],
    ['a length without octets', '3080'],
    ['a length without octets, and 128 of them', `0480${'aa'.repeat(128)}`],
    ['a long form of a short length', '04810100'],
    ['a length that begins with zero', `04820080${'aa'.repeat(128)}`],
    ['a length of seven octets', '048701000000000000'],
    ['a length of which the end is missing', '0482'],
    ['more than one object', '04000400'],
    ['an octet string in octet strings', '040604040402aabb'],
    ['an octet string that ends inside an object', '04030402aa'],
    ['nothing', ''],
  ])('reads as the library does: %s', (_, hex) => {
    expectSame(Buffer.from(hex, 'hex'));
  });

  it('looks as deep as the library does, and no deeper', () => {
    for (const depth of [99, 100, 101, 102]) {
      for (const tag of [0x30, 0x04]) {
        let nested: number[] = [];
        for (let count = 0; count <= depth; count++) {
          const { length } = nested;
          nested = [
            tag,
            ...(length < 128 ? [length] : [0x81, length]),
            ...nested,
          ];
        }
        expectSame(Buffer.from(nested));
      }
    }
  });

  it('reads changed certificates as the library does', () => {
    fc.assert(
      fc.property(
        fc.nat(der.length - 1),
        fc.integer({ min: 0, max: 255 }),
        (at, byte) => {
          const changed = Buffer.from(der);
          changed[at] = byte;
          expectSame(changed);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('encodes what it read to the same bytes', () => {
    const certificate = CachedCertificate.parse(der);
    const stock = X509Certificate.parse(der);

    expect(readDer(der).toDER()).toEqual(der);
    expect(certificate.publicKey).toEqual(stock.publicKey);
    expect(certificate.tbsCertificate.toDER()).toEqual(
      stock.tbsCertificate.toDER(),
    );
  });

  it.each([0, 1, 127, 128, 129, 255, 256, 65535, 65536])(
    'encodes %i octets as the library does, also where children are gone',
    length => {
      const value = Buffer.alloc(length, 0xaa);
      const [octets] = ASN1Obj.parseBuffer(Buffer.from('30020400', 'hex')).subs;
      const { tag } = octets;
      const encoded = new ChangeableObject(tag, value, []).toDER();
      expect(encoded).toEqual(new ASN1Obj(tag, value, []).toDER());
      expect(readDer(encoded).toDER()).toEqual(encoded);
    },
  );

  it('certificates are the same by what they say', async () => {
    const certificate = CachedCertificate.parse(der);
    const other = Buffer.from(der);
    other[other.length - 1] ^= 1;
    expect(certificate.equals(certificate)).toBe(true);
    expect(certificate.equals(CachedCertificate.parse(der))).toBe(true);
    expect(certificate.equals(X509Certificate.parse(der))).toBe(true);
    expect(certificate.equals(CachedCertificate.parse(other))).toBe(false);
  });

  it('gives the library a copy to change, and stays as it is', () => {
    const certificate = CachedCertificate.parse(der);
    const copies = [certificate, X509Certificate.parse(der)].map(original => {
      const copy = original.clone();
      copy.extensions.splice(1, 2);
      return copy;
    });

    expect(copies[0].root.toDER()).toEqual(copies[1].root.toDER());
    expect(copies[0].root.toDER().length).toBeLessThan(der.length);
    expect(certificate.root.toDER()).toEqual(der);
    expect(treeOf(certificate.root)).toEqual(treeOf(readDer(der)));
  });
});
