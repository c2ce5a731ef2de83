import { createHash } from 'crypto';
import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  ReadCase,
  casesPresent,
  hashOf,
  readCase,
  signedCases,
  verifyCase,
} from './__testUtils__/signedCases';

type Json = Record<string, any>;
/** Changes a bundle; false where it has nothing of the kind. */
type Attack = [name: string, change: (bundle: Json) => boolean];

/** Changes one bit in something in base64. */
function flip(holder: Json | undefined, key: string | number, place = 0.5) {
  if (typeof holder?.[key] !== 'string') return false;
  const bytes = Buffer.from(holder[key], 'base64');
  bytes[Math.floor((bytes.length - 1) * place)] ^= 1;
  holder[key] = bytes.toString('base64');
  return true;
}

function count(holder: Json | undefined, key: string) {
  if (holder?.[key] === undefined) return false;
  holder[key] = String(BigInt(holder[key]) + 1n);
  return true;
}

function rewrite(
  holder: Json | undefined,
  key: string,
  from: RegExp,
  to: string,
) {
  if (typeof holder?.[key] !== 'string' || !from.test(holder[key])) {
    return false;
  }
  holder[key] = holder[key].replace(from, to);
  return true;
}

const entry = (bundle: Json): Json =>
  bundle.verificationMaterial.tlogEntries[0];
const proof = (bundle: Json): Json | undefined => entry(bundle).inclusionProof;
const certificate = ({ verificationMaterial: material }: Json) =>
  material.certificate ?? material.x509CertificateChain?.certificates[0];
const signatureHolder = (bundle: Json): [Json, string] =>
  bundle.dsseEnvelope
    ? [bundle.dsseEnvelope.signatures[0], 'sig']
    : [bundle.messageSignature, 'signature'];
const timestamp = ({ verificationMaterial: material }: Json) =>
  material.timestampVerificationData?.rfc3161Timestamps?.[0];

/** Flips a bit of what a timestamp says it is over. */
function flipImprint(bundle: Json): boolean {
  const token = timestamp(bundle);
  if (!token) return false;
  const [holder, key] = signatureHolder(bundle);
  const bytes = Buffer.from(token.signedTimestamp, 'base64');
  const signature = Buffer.from(holder[key], 'base64');
  const at = bytes.indexOf(createHash('sha256').update(signature).digest());
  if (at < 0) return false;
  bytes[at] ^= 1;
  token.signedTimestamp = bytes.toString('base64');
  return true;
}

/** Where a time is signed, its being changed must be noticed. */
const isPromised = (bundle: Json) => entry(bundle).inclusionPromise;

const ATTACKS: Attack[] = [
  ['signature', b => flip(...signatureHolder(b))],
  ['signature, its end', b => flip(...signatureHolder(b), 1)],
  ['payload', b => flip(b.dsseEnvelope, 'payload')],
  ['payload, its end', b => flip(b.dsseEnvelope, 'payload', 1)],
  ['payload type', b => rewrite(b.dsseEnvelope, 'payloadType', /$/, 'x')],
  ['signed digest', b => flip(b.messageSignature?.messageDigest, 'digest')],
  ['certificate', b => flip(certificate(b), 'rawBytes')],
  ['certificate, its serial', b => flip(certificate(b), 'rawBytes', 0.03)],
  ['certificate, its signature', b => flip(certificate(b), 'rawBytes', 1)],
  [
    'signed entry timestamp',
    b => flip(entry(b).inclusionPromise, 'signedEntryTimestamp', 1),
  ],
  ['integrated time', b => isPromised(b) && count(entry(b), 'integratedTime')],
  ['log index', b => isPromised(b) && count(entry(b), 'logIndex')],
  ['log', b => flip(entry(b).logId, 'keyId')],
  ['kind', b => rewrite(entry(b).kindVersion, 'version', /.$/, '9')],
  ['entry body', b => flip(entry(b), 'canonicalizedBody')],
  ['proof, its index', b => count(proof(b), 'logIndex')],
  ['proof, its tree size', b => count(proof(b), 'treeSize')],
  ['proof, its root', b => flip(proof(b), 'rootHash')],
  ['proof, a hash', b => flip(proof(b)?.hashes, 0)],
  [
    'proof, a hash too many',
    b => Boolean(proof(b)?.hashes?.push(Buffer.alloc(32).toString('base64'))),
  ],
  ['proof, a hash too few', b => proof(b)?.hashes?.pop() !== undefined],
  [
    'log head, its origin',
    b => rewrite(proof(b)?.checkpoint, 'envelope', /^/, 'x'),
  ],
  [
    'log head, its size',
    b => rewrite(proof(b)?.checkpoint, 'envelope', /\n(\d)/, '\n1$1'),
  ],
  [
    'log head without signature',
    b => rewrite(proof(b)?.checkpoint, 'envelope', /\n\n[^]*/, '\n\n'),
  ],
  ['timestamp, its imprint', flipImprint],
  ['timestamp, its signature', b => flip(timestamp(b), 'signedTimestamp', 1)],
];

const positives = signedCases()
  .filter(signedCase => signedCase.expect === 'verify')
  .map(signedCase => ({ id: signedCase.id, signedCase }));

// Every test verifies all cases, on machines that may be busy.
jest.setTimeout(300_000);

(casesPresent ? describe : describe.skip)(
  'attacks made of the positive signed cases (../shared)',
  () => {
    type Read = { id: string; read: ReadCase; text: string };
    let reads: Read[];

    beforeAll(() => {
      reads = positives.map(({ id, signedCase }) => {
        const read = readCase(signedCase);
        const text = Buffer.from(read.evidence.bytes).toString('utf8');
        return { id, read, text };
      });
    });

    /** Cases that an attack gets through, or that fail without a reason. */
    const survivors = (
      attack: (one: Read, index: number) => Verification | undefined,
    ): string[] =>
      reads.flatMap((one, index) => {
        const verification = attack(one, index);
        if (!verification) return [];
        const { facts, findings } = verification;
        return facts || findings.length === 0 ? [one.id] : [];
      });

    it.each(ATTACKS)('changed: %s', (_, change) => {
      let made = 0;
      const through = survivors(({ read, text }) => {
        const bundle = JSON.parse(text);
        if (!change(bundle)) return undefined;
        made += 1;
        return verifyCase(read, { bundle });
      });
      expect(through).toEqual([]);
      expect(made).toBeGreaterThan(0);
    });

    it('another artifact', () => {
      const other = Buffer.from('totally different artifact');
      const digest = hashOf('sha256', other);
      const otherDigests = [hashOf('sha512', other)];
      expect(
        survivors(({ read }) => verifyCase({ ...read, digest, otherDigests })),
      ).toEqual([]);
    });

    it('evidence swapped between artifacts', () => {
      const through = survivors(({ read }, index) => {
        const { evidence, profile, digest } = read;
        const next = [...reads.slice(index + 1), ...reads].find(
          one => one.read.digest !== digest,
        );
        return next && verifyCase({ ...next.read, evidence, profile });
      });
      expect(through).toEqual([]);
    });

    it('the log entry removed', () => {
      const through = survivors(({ read, text }) => {
        const bundle = JSON.parse(text);
        bundle.verificationMaterial.tlogEntries = [];
        return verifyCase(read, { bundle });
      });
      expect(through).toEqual([]);
    });

    it('the log entry of another signature', () => {
      const through = survivors(({ read, text }, index) => {
        const bundle = JSON.parse(text);
        const other = JSON.parse(reads.at(index - 1)?.text ?? '');
        // The same signature is there in two versions of the format.
        if (
          entry(bundle).canonicalizedBody === entry(other).canonicalizedBody
        ) {
          return undefined;
        }
        bundle.verificationMaterial.tlogEntries =
          other.verificationMaterial.tlogEntries;
        return verifyCase(read, { bundle });
      });
      expect(through).toEqual([]);
    });

    it('the log entry twice', () => {
      const through = survivors(({ read, text }) => {
        const bundle = JSON.parse(text);
        const { tlogEntries } = bundle.verificationMaterial;
        tlogEntries.push(structuredClone(tlogEntries[0]));
        return verifyCase(read, { bundle });
      });
      expect(through).toEqual([]);
    });

    it('the certificate of another signer', () => {
      const through = survivors(({ read, text }, index) => {
        const bundle = JSON.parse(text);
        const other = certificate(JSON.parse(reads.at(index - 1)?.text ?? ''));
        const own = certificate(bundle);
        if (!own || !other || own.rawBytes === other.rawBytes) return undefined;
        own.rawBytes = other.rawBytes;
        return verifyCase(read, { bundle });
      });
      expect(through).toEqual([]);
    });

    it('bytes cut off', () => {
      const through = survivors(({ read, text }) => {
        const bytes = Buffer.from(text.trimEnd().slice(0, -1));
        return verifyCase(read, { bytes });
      });
      expect(through).toEqual([]);
    });
  },
);
