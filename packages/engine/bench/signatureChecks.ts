import crypto, { KeyLike } from 'crypto';
import { Sample } from './samples';

type Arguments = [string | null | undefined, Buffer, KeyLike, Buffer];

/** The signature checks of one piece of evidence, and nothing else. */
export type SignatureChecks = () => void;

/**
 * Finds out which signatures the library checks for each sample, by listening
 * while it verifies. Those that stand in more than one sample's list, and those
 * that stand in one list twice, are links between authorities or repetitions:
 * what remains is what nobody can do without.
 */
export function signatureChecks(samples: Sample[]): SignatureChecks[] {
  const heard = samples.map(sample =>
    listen(() => sample.stock.verify(sample.evidence.bytes, sample.artifact)),
  );
  const count = new Map<string, number>();
  for (const checks of heard) {
    for (const key of checks.keys()) count.set(key, (count.get(key) ?? 0) + 1);
  }
  return heard.map(checks => {
    const own = [...checks]
      .filter(([key]) => count.get(key) === 1)
      .map(([, check]) => check);
    return () => {
      for (const [algorithm, data, key, signature] of own) {
        if (!crypto.verify(algorithm, data, key, signature)) {
          throw new Error('a signature that held does not hold any more');
        }
      }
    };
  });
}

function listen(verify: () => unknown): Map<string, Arguments> {
  const original = crypto.verify;
  const heard = new Map<string, Arguments>();
  const listener = (...given: Arguments) => {
    const [algorithm, data, key, signature] = given;
    const bytes = Buffer.from(data);
    heard.set(
      `${algorithm} ${signature.toString('base64')} ${bytes.toString(
        'base64',
      )}`,
      [algorithm, bytes, key, Buffer.from(signature)],
    );
    return original(algorithm, data, key, signature);
  };
  Object.assign(crypto, { verify: listener });
  try {
    verify();
  } finally {
    Object.assign(crypto, { verify: original });
  }
  return heard;
}
