import fc from 'fast-check';
import { CollectedEvidence, EVIDENCE_SIMPLE_SIGNING } from './collect';
import { judge } from './judge';
import { verifyEvidence } from './verify';
import { AcmeWorld, Findings, isRecorded } from './__testUtils__/acmeWorld';
import { digestOf } from './verify/__testUtils__/MockInstance';

const describeWorld = isRecorded ? describe : describe.skip;

type Json = Record<string, any>;
type Change = [name: string, code: string, change: (bundle: Json) => void];

/** Changes one bit in the middle of something in base64. */
function flip(holder: Json, key: string) {
  const bytes = Buffer.from(holder[key], 'base64');
  bytes[Math.floor(bytes.length / 2)] ^= 1;
  holder[key] = bytes.toString('base64');
}

const entryOf = (bundle: Json) => bundle.verificationMaterial.tlogEntries[0];
const timestampOf = (bundle: Json) =>
  bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps[0];

const EVERY_BUNDLE: Change[] = [
  [
    'timestamp',
    'timestamp-invalid',
    b => flip(timestampOf(b), 'signedTimestamp'),
  ],
];
const LOGGED: Change[] = [
  [
    'log entry',
    'log-proof-invalid',
    b => flip(entryOf(b), 'canonicalizedBody'),
  ],
  [
    'log proof',
    'log-proof-invalid',
    b => flip(entryOf(b).inclusionProof.hashes, '0'),
  ],
  [
    'log head',
    'log-proof-invalid',
    b => {
      const { checkpoint } = entryOf(b).inclusionProof;
      checkpoint.envelope = checkpoint.envelope.replace(/\n(\d+)\n/, '\n1$1\n');
    },
  ],
  ['log', 'log-untrusted', b => flip(entryOf(b).logId, 'keyId')],
  [
    'index in the log',
    'log-proof-invalid',
    b => {
      const proof = entryOf(b).inclusionProof;
      proof.logIndex = proof.logIndex === '0' ? '1' : '0';
    },
  ],
];
const ENVELOPE: Change[] = [
  [
    'signature',
    'signature-invalid',
    b => flip(b.dsseEnvelope.signatures[0], 'sig'),
  ],
  ['payload', 'signature-invalid', b => flip(b.dsseEnvelope, 'payload')],
  [
    'payload type',
    'signature-invalid',
    b => {
      b.dsseEnvelope.payloadType += 'x';
    },
  ],
];
const MESSAGE: Change[] = [
  [
    'signature',
    'signature-invalid',
    b => flip(b.messageSignature, 'signature'),
  ],
  [
    'digest',
    'signature-invalid',
    b => flip(b.messageSignature.messageDigest, 'digest'),
  ],
];

// Some tests verify hundreds of times, on machines that may be busy.
jest.setTimeout(120_000);

describeWorld('changed evidence of the recorded world', () => {
  let world: AcmeWorld;

  beforeAll(async () => {
    world = await AcmeWorld.open();
  });
  afterAll(async () => {
    await world?.close();
  });

  const judged = (found: Findings, evidence: CollectedEvidence[]) => {
    const verifications = world.verifyAll(
      { ...found, evidence },
      verifyEvidence,
    );
    return judge({ ...found.input, verifications });
  };

  const altered = (
    piece: CollectedEvidence,
    change: (bundle: Json) => void,
  ) => {
    const json = JSON.parse(piece.bytes.toString('utf8'));
    change(piece.mediaType === EVIDENCE_SIMPLE_SIGNING ? json.bundle : json);
    const bytes = Buffer.from(JSON.stringify(json), 'utf8');
    return { ...piece, bytes, digest: digestOf(bytes) };
  };

  it.each(
    (
      [
        ['acme/checkout:', [...EVERY_BUNDLE, ...ENVELOPE]],
        ['acme/storefront:', [...EVERY_BUNDLE, ...LOGGED, ...ENVELOPE]],
        ['prod/checkout/plan.json', [...EVERY_BUNDLE, ...LOGGED, ...MESSAGE]],
        ['modules/network:', [...EVERY_BUNDLE, ...LOGGED, ...ENVELOPE]],
        ['labs/recommendations:', [...EVERY_BUNDLE, ...LOGGED, ...ENVELOPE]],
      ] as [string, Change[]][]
    ).flatMap(([reference, changes]) =>
      changes.map(change => [reference, ...change] as const),
    ),
  )('%s another %s: %s', (reference, _, code, change) => {
    const found = world.of(reference);
    expect(judged(found, found.evidence).status).toBe('expected-signer');
    const verdict = judged(
      found,
      found.evidence.map(piece => altered(piece, change)),
    );
    expect(verdict.status).not.toBe('expected-signer');
    expect(verdict.findings[0].code).toBe(code);
    expect(verdict.signer).toBeUndefined();
  });

  it('an artifact that changed after it was signed', () => {
    const found = world.of('prod/checkout/plan.json');
    const digest = digestOf(Buffer.from('changed'));
    const moved = { ...found, input: { ...found.input, digest } };
    expect(judged(moved, found.evidence).findings[0].code).toBe(
      'artifact-mismatch',
    );
  });

  it('a bit flipped anywhere in a certificate', () => {
    const found = world.of('acme/checkout:');
    const [piece] = found.evidence;
    const json = JSON.parse(piece.bytes.toString('utf8'));
    const { rawBytes } = json.verificationMaterial.certificate;
    const bits = Buffer.from(rawBytes, 'base64').length * 8;
    fc.assert(
      fc.property(fc.nat(bits - 1), bit => {
        const changed = altered(piece, bundle => {
          const { certificate } = bundle.verificationMaterial;
          const der = Buffer.from(certificate.rawBytes, 'base64');
          // eslint-disable-next-line no-bitwise -- one bit is what this is about
          der[Math.floor(bit / 8)] ^= 1 << bit % 8;
          certificate.rawBytes = der.toString('base64');
        });
        expect(judged(found, [changed]).status).not.toBe('expected-signer');
      }),
      { numRuns: 60 },
    );
  });

  it('nothing that is changed anywhere names another signer', () => {
    const signersOf = (found: Findings, piece: CollectedEvidence) =>
      world
        .verifyAll({ ...found, evidence: [piece] }, verifyEvidence)
        .flatMap(({ facts }) => facts?.signer ?? []);
    const pieces = [
      'acme/checkout:',
      'acme/ledger:',
      'prod/checkout/plan.json',
    ].map(reference => {
      const found = world.of(reference);
      const [piece] = found.evidence;
      const signers = signersOf(found, piece);
      expect(signers).not.toEqual([]);
      return { found, piece, signers, text: piece.bytes.toString('utf8') };
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...pieces),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.constantFrom('A', 'z', '0', '"', '}', ',', '-', '\u0000'),
        ({ found, piece, signers, text }, place, character) => {
          const at = Math.floor(place * text.length);
          const bytes = Buffer.from(
            text.slice(0, at) + character + text.slice(at + 1),
            'utf8',
          );
          const changed = { ...piece, bytes, digest: digestOf(bytes) };
          for (const signer of signersOf(found, changed)) {
            expect(signers).toContainEqual(signer);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
