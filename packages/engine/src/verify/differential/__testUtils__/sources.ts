import { createHash } from 'crypto';
import {
  MockInstance,
  newKeys,
  statementAbout,
} from '../../__testUtils__/MockInstance';
import {
  casesPresent,
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
  const profile = loadTrustedRoot({
    name: 'mock',
    json: instance.trustedRoot(),
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
  const stock = new Stock(profile);
  const digest = createHash('sha256').update(artifact).digest('hex');
  return Object.entries(made).map(([name, bundle]) => ({
    name,
    bundle,
    artifact,
    digest: `sha256:${digest}`,
    otherDigests: [],
    profile,
    stock,
  }));
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
