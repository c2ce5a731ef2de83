import { createHash, generateKeyPairSync } from 'crypto';
import {
  KeyPair,
  MockInstance,
  SigningOptions,
  newKeys,
  pemOf,
  signPrehashed,
  statementAbout,
} from '../../__testUtils__/MockInstance';
import {
  casesPresent,
  hashOf,
  readCase,
  readCaseFile,
  signedCases,
} from '../../__testUtils__/signedCases';
import { VerificationProfile, loadTrustedRoot } from '../../trustedRoot';
import { Stock } from './stock';

export type Json = Record<string, any>;

/** A bundle to verify as it is and to make others of. */
export type Source = {
  name: string;
  bundle: Json;
  artifact: Buffer;
  digest: string;
  otherDigests: string[];
  profile: VerificationProfile;
  stock: Stock;
};

/** The signed cases that come with a certificate; none where they are absent. */
export function sourcesFromCases(): Source[] {
  const stocks = new Map<string, Stock>();
  return signedCases()
    .filter(({ key }) => !key)
    .map(signedCase => {
      const { evidence, digest, otherDigests, profile } = readCase(signedCase);
      const stock = stocks.get(profile.digest) ?? new Stock(profile);
      stocks.set(profile.digest, stock);
      return {
        name: signedCase.id,
        bundle: JSON.parse(Buffer.from(evidence.bytes).toString('utf8')),
        artifact: readCaseFile(signedCase.artifact),
        digest,
        otherDigests,
        profile,
        stock,
      };
    });
}

export { casesPresent };

/**
 * Bundles of an instance of ours: sound ones of each form, and such as are
 * consistent in themselves but for one thing that only one check can see.
 */
export async function sourcesFromMock(): Promise<Source[]> {
  const instance = await MockInstance.create('rekor.mock');
  const other = await MockInstance.create('rekor.other', {
    contemporary: instance,
  });
  const artifact = Buffer.from('artifact');
  const statement = statementAbout(artifact);
  const json = instance.trustedRoot();
  const profileWith = (...trusted: KeyPair[]) =>
    loadTrustedRoot({
      name: 'mock',
      json,
      keys: trusted.map(({ publicKey }) => pemOf(publicKey)),
    });
  const keys = newKeys('prime256v1');
  const certificate = await instance.certificate(keys.publicKey);
  const foreign = await other.certificate(keys.publicKey);
  const timestamp = true;
  const made: Record<string, Json> = {
    envelope: await instance.signEnvelope(statement),
    message: await instance.signMessage(artifact),
    'envelope with timestamp': await instance.signEnvelope(statement, {
      timestamp,
    }),
    'message with two timestamps': await instance.signMessage(artifact, {
      timestamp,
      secondTimestamp: true,
    }),
    'certificate with another signature': await instance.signEnvelope(
      statement,
      { keys, certificate: changedAtEnd(certificate) },
    ),
    'certificate of another instance': await instance.signEnvelope(statement, {
      keys,
      certificate: foreign,
    }),
    'entry in the log of another instance': await instance.signEnvelope(
      statement,
      { logs: [other] },
    ),
    'timestamp of another instance': withTimestampsOf(
      await instance.signEnvelope(statement, { timestamp }),
      await other.signEnvelope(statement, { timestamp }),
    ),
  };
  instance.clock.setTime(instance.clock.getTime() + 1500);
  made['timestamp with one decimal'] = await instance.signMessage(artifact, {
    timestamp,
  });
  const digest = createHash('sha256').update(artifact).digest('hex');
  const source = (
    name: string,
    bundle: Json,
    profile: VerificationProfile,
  ) => ({
    name,
    bundle,
    artifact,
    digest: `sha256:${digest}`,
    otherDigests: ['sha384', 'sha512'].map(hash => hashOf(hash, artifact)),
    profile,
    stock: new Stock(profile),
  });
  const profile = profileWith();
  const sources = Object.entries(made).map(([name, bundle]) =>
    source(name, bundle, profile),
  );
  for (const [name, options, isMessage] of formsOfKeys()) {
    const signing = { keyed: true, ...options };
    const bundle = isMessage
      ? await instance.signMessage(artifact, signing)
      : await instance.signEnvelope(statement, signing);
    sources.push(source(name, bundle, profileWith(options.keys)));
  }
  return sources;
}

/** Signatures of keys, in forms that the library reads and that it does not. */
function formsOfKeys(): [
  string,
  SigningOptions & { keys: KeyPair },
  'message'?,
][] {
  const p384 = newKeys('secp384r1');
  const p521 = newKeys('secp521r1');
  const ed25519 = generateKeyPairSync('ed25519');
  return [
    ['P-384 and SHA-256', { keys: p384 }],
    ['P-384 and SHA-384', { keys: p384, hash: 'sha384' }],
    ['P-521 and SHA-512', { keys: p521, hash: 'sha512' }],
    [
      'recorded by SHA-256',
      {
        keys: p384,
        recordedDigest: signed => createHash('sha256').update(signed).digest(),
      },
    ],
    [
      'recorded by SHA-384',
      {
        keys: p384,
        hash: 'sha384',
        recordedDigest: signed => createHash('sha384').update(signed).digest(),
      },
    ],
    ['Ed25519 over an envelope', { keys: ed25519 }],
    ['P-384, message', { keys: p384, hash: 'sha384' }, 'message'],
    ['Ed25519, message', { keys: ed25519 }, 'message'],
    [
      'Ed25519ph, message',
      { keys: ed25519, hash: 'sha512', sign: signPrehashed(ed25519) },
      'message',
    ],
  ];
}

/** A certificate ends with what its authority signed it with. */
function changedAtEnd(certificate: Buffer): Buffer {
  const changed = Buffer.from(certificate);
  changed[changed.length - 1] ^= 1;
  return changed;
}

function withTimestampsOf(bundle: Json, other: Json): Json {
  const { timestampVerificationData } = other.verificationMaterial;
  return {
    ...bundle,
    verificationMaterial: {
      ...bundle.verificationMaterial,
      timestampVerificationData,
    },
  };
}
