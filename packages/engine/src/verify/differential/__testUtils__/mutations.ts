import fc from 'fast-check';
import { Json } from './sources';

/** Numbers that a mutation is made from; the same ones make the same. */
export type Choices = {
  kind: number;
  part: number;
  place: number;
  bit: number;
};

/** Every choice there is, evenly. */
export const anyChoices: fc.Arbitrary<Choices> = fc.record({
  kind: fc.nat(999_983),
  part: fc.nat(999_983),
  place: fc.nat(999_983),
  bit: fc.nat(7),
});

type Mutation = (bundle: Json, other: Json, choices: Choices) => void;
type Place = { holder: any; key: string | number };

const BASE64 = /^[A-Za-z0-9+/]{4,}={0,2}$/;

/** What bundles are made of, as far as one can stand in for another's. */
const PARTS = [
  ['verificationMaterial'],
  ['verificationMaterial', 'certificate'],
  ['verificationMaterial', 'x509CertificateChain'],
  ['verificationMaterial', 'tlogEntries'],
  ['verificationMaterial', 'timestampVerificationData'],
  ['dsseEnvelope'],
  ['dsseEnvelope', 'payload'],
  ['dsseEnvelope', 'signatures'],
  ['messageSignature'],
  ['messageSignature', 'messageDigest'],
  ['messageSignature', 'signature'],
  ...[
    'logIndex',
    'logId',
    'kindVersion',
    'integratedTime',
    'inclusionPromise',
    'inclusionProof',
    'canonicalizedBody',
  ].map(field => ['verificationMaterial', 'tlogEntries', '0', field]),
];

const mutations: Mutation[] = [
  flipBit,
  flipBit,
  flipBit,
  flipBit,
  takeFromOther,
  takeFromOther,
  changeList,
  changeNumber,
  changeNumber,
  remove,
  truncate,
];

/** Changes a copy of a bundle, sometimes with parts of another bundle. */
export function mutate(bundle: Json, other: Json, choices: Choices): Json {
  const copy = structuredClone(bundle);
  const mutation = pick(mutations, choices.kind);
  mutation(copy, structuredClone(other), choices);
  return copy;
}

function pick<T>(list: readonly T[], number: number): T {
  return list[number % list.length];
}

function placesIn(value: unknown, fits: (value: any) => boolean): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    ...(fits(child) ? [{ holder: value, key }] : []),
    ...placesIn(child, fits),
  ]);
}

function isBase64(value: unknown): boolean {
  return typeof value === 'string' && BASE64.test(value);
}

function flipBit(bundle: Json, _: Json, { part, place, bit }: Choices) {
  const { holder, key } = pick(placesIn(bundle, isBase64), part);
  const bytes = Buffer.from(holder[key], 'base64');
  bytes[place % bytes.length] ^= 2 ** bit;
  holder[key] = bytes.toString('base64');
}

function takeFromOther(bundle: Json, other: Json, { part }: Choices) {
  const path = pick(PARTS, part);
  const key = path[path.length - 1];
  const [to, from] = [bundle, other].map(root =>
    path.slice(0, -1).reduce((value, step) => value?.[step], root as any),
  );
  if (to?.[key] !== undefined && from?.[key] !== undefined) to[key] = from[key];
}

function changeList(bundle: Json, other: Json, { part, place, bit }: Choices) {
  const lists = placesIn(bundle, Array.isArray);
  const { holder, key } = pick(lists, part);
  const list = holder[key];
  const at = place % (list.length || 1);
  if (bit < 2) list.splice(at, 1);
  else if (bit < 4 && list.length > 0) list.push(structuredClone(list[at]));
  else if (bit < 6) list.reverse();
  else {
    const similar = placesIn(other, Array.isArray).find(
      found => found.key === key,
    );
    list.push(...(similar ? similar.holder[similar.key] : []));
  }
}

function changeNumber(bundle: Json, _: Json, { part, place, bit }: Choices) {
  const isNumber = (value: unknown) =>
    typeof value === 'string' && /^[0-9]+$/.test(value);
  const places = placesIn(bundle, isNumber);
  if (places.length === 0) return;
  const { holder, key } = pick(places, part);
  const number = BigInt(holder[key]);
  const by = pick([1n, 60n, 3600n, 31_536_000n, 2n ** 32n], place);
  holder[key] = pick(
    [`${number + by}`, `${number - by}`, `0${number}`, `${number}.0`, '0', ''],
    bit,
  );
}

function remove(bundle: Json, _: Json, { part }: Choices) {
  const { holder, key } = pick(
    placesIn(bundle, () => true),
    part,
  );
  delete holder[key];
}

function truncate(bundle: Json, _: Json, { part, place }: Choices) {
  const { holder, key } = pick(placesIn(bundle, isBase64), part);
  const bytes = Buffer.from(holder[key], 'base64');
  holder[key] = bytes.subarray(0, place % bytes.length).toString('base64');
}
