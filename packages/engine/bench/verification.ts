import { Measure, interleaved, processorTime, rounded } from './measure';
import { Sample, verifySample } from './samples';
import { signatureChecks } from './signatureChecks';

const ROUNDS = 7;

/**
 * Rows one and two: distinct bundles, warm, on one thread, results not cached.
 *
 * @returns the measures, and milliseconds of one verification
 */
export function measureVerification(samples: Sample[]): {
  measures: Measure[];
  milliseconds: number;
} {
  const checks = signatureChecks(samples);
  const works = {
    floor: () => checks.forEach(check => check()),
    ours: () => samples.forEach(sample => verifySample(sample)),
    stock: () =>
      samples.forEach(({ stock, evidence, artifact }) =>
        stock.verify(evidence.bytes, artifact),
      ),
  };
  // Once to warm up.
  interleaved(processorTime, 1, works);
  const { floor, ours, stock } = interleaved(processorTime, ROUNDS, works);
  const milliseconds = ours / samples.length;
  const value = rounded(milliseconds);
  const unit = 'ms of processor time a bundle';
  return {
    milliseconds,
    measures: [
      {
        name: 'verify distinct bundles',
        value,
        unit,
        against: `stock @sigstore/verify, ${rounded(
          stock / samples.length,
        )} ms`,
        ratio: rounded(stock / ours),
        target: '>= 6',
        ok: stock / ours >= 6,
      },
      {
        name: 'verify distinct bundles, over the crypto floor',
        value,
        unit,
        against: `the signature checks alone, ${rounded(
          floor / samples.length,
        )} ms`,
        ratio: rounded(ours / floor),
        target: '<= 2',
        ok: ours / floor <= 2,
      },
    ],
  };
}
