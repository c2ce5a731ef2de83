import {
  MockInstance,
  asEvidence,
  digestOf,
  statementAbout,
} from '../src/verify/__testUtils__/MockInstance';
import {
  SignedCase,
  readCase,
  readCaseFile,
  signedCases,
} from '../src/verify/__testUtils__/signedCases';
import { sourcesFromMock } from '../src/verify/differential/__testUtils__/sources';
import { Stock } from '../src/verify/differential/__testUtils__/stock';
import { Evidence } from '../src/verify/evidence';
import {
  TrustedRootError,
  VerificationProfile,
  loadTrustedRoot,
} from '../src/verify/trustedRoot';
import { verifyEvidence } from '../src/verify/verifyEvidence';

/** A piece of evidence, and what verifying it takes here and in the library. */
export type Sample = {
  name: string;
  evidence: Evidence;
  digest: string;
  otherDigests: string[];
  artifact: Buffer;
  profile: VerificationProfile;
  stock: Stock;
};

const ANOTHER_DIGEST = digestOf(Buffer.from('another artifact'));

/** How many bundles of each form are made, each with its own certificate. */
const MADE = { envelopes: 200, timestamped: 60, messages: 40 };

/** Verifies as the backend does, with no cache of results. */
export function verifySample(sample: Sample) {
  const { evidence, digest, profile, otherDigests } = sample;
  return verifyEvidence(evidence, digest, profile, { otherDigests });
}

/**
 * Evidence that holds: the signed cases made by others, where they are there,
 * and bundles of an instance of ours, all with certificates of their own.
 *
 * @throws Error naming the first that is refused
 */
export async function soundSamples(): Promise<Sample[]> {
  const samples = [...soundCases(), ...(await madeSamples())];
  for (const sample of samples) {
    if (verifySample(sample).facts) continue;
    throw new Error(`${sample.name} has to verify and does not`);
  }
  return samples;
}

/**
 * Verifies everything that has to be refused.
 *
 * @throws Error naming the first that is not
 */
export async function requireRefusals(): Promise<void> {
  for (const signedCase of signedCases()) {
    if (signedCase.expect === 'reject' && accepts(signedCase)) {
      throw new Error(`${signedCase.id} has to be refused and is not`);
    }
  }
  for (const source of await sourcesFromMock()) {
    const { name, bundle, digest, profile, stock, artifact } = source;
    const evidence = asEvidence(bundle);
    if (verifyEvidence(evidence, ANOTHER_DIGEST, profile).facts) {
      throw new Error(
        `a bundle with ${name} has to be refused for another artifact and is not`,
      );
    }
    const { facts } = verifyEvidence(evidence, digest, profile);
    if (!facts) continue;
    try {
      stock.verify(evidence.bytes, artifact);
    } catch {
      throw new Error(`a bundle with ${name} has to be refused and is not`);
    }
  }
}

function accepts(signedCase: SignedCase): boolean {
  try {
    const { evidence, digest, otherDigests, profile } = readCase(signedCase);
    const { facts } = verifyEvidence(evidence, digest, profile, {
      otherDigests,
    });
    const { identity, issuer } = facts?.signer ?? {};
    return (
      facts !== undefined &&
      (signedCase.key !== undefined ||
        (identity === signedCase.identity && issuer === signedCase.issuer)) &&
      (signedCase.predicateType === undefined ||
        facts.content.predicateType === signedCase.predicateType)
    );
  } catch (error) {
    if (error instanceof TrustedRootError) return false;
    throw error;
  }
}

function soundCases(): Sample[] {
  const stocks = new Map<string, Stock>();
  return signedCases()
    .filter(({ expect, key }) => expect === 'verify' && !key)
    .map(signedCase => {
      const read = readCase(signedCase);
      const stock = stocks.get(read.profile.digest) ?? new Stock(read.profile);
      stocks.set(read.profile.digest, stock);
      const artifact = readCaseFile(signedCase.artifact);
      return { name: signedCase.id, artifact, stock, ...read };
    });
}

async function madeSamples(): Promise<Sample[]> {
  const instance = await MockInstance.create();
  const profile = loadTrustedRoot({
    name: 'made',
    json: instance.trustedRoot(),
  });
  const stock = new Stock(profile);
  const samples: Sample[] = [];
  for (const [form, count] of Object.entries(MADE)) {
    for (let number = 0; number < count; number++) {
      const name = `${form} ${number}`;
      const artifact = Buffer.from(name);
      const bundle =
        form === 'messages'
          ? await instance.signMessage(artifact)
          : await instance.signEnvelope(statementAbout(artifact), {
              timestamp: form === 'timestamped',
            });
      samples.push({
        name,
        evidence: asEvidence(bundle),
        digest: digestOf(artifact),
        otherDigests: [],
        artifact,
        profile,
        stock,
      });
    }
  }
  return samples;
}
