import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { ArtifactReport } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Difference } from '../ui/Difference';
import { KeyValue } from '../ui/KeyValue';
import { shortDigest } from '../ui/shortDigest';
import { nearestExpectedWords } from '../words/expectedWords';
import { signerText } from '../words/signerText';
import { Translate } from '../words/translate';

/** What was found beside what was expected, in as few words as it takes. */
export function FoundExpected(props: { artifact: ArtifactReport }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const pair = foundAndExpected(props.artifact, t);
  if (!pair) return null;
  const { found, expected } = pair;
  return (
    <KeyValue
      items={[
        {
          name: t('words.found'),
          value: <Difference text={found} other={expected} />,
        },
        {
          name: t('words.expected'),
          value: <Difference text={expected} other={found} />,
        },
      ]}
    />
  );
}

function foundAndExpected(
  artifact: ArtifactReport,
  t: Translate,
): { found: string; expected: string } | undefined {
  const { signer, expected, findings, status } = artifact;
  // The label says since when.
  if (status === 'stale') return undefined;
  const wrongSigner = findings.some(
    ({ code }) => code === 'signer-not-allowed',
  );
  if (wrongSigner && signer && expected.length > 0) {
    const found = signerText(signer, expected, t);
    const nearest = nearestExpectedWords(expected, found, t);
    // The same words where only something else about the signer differs.
    if (found !== nearest) return { found, expected: nearest };
  }
  const comparisons = findings.flatMap(f => f.comparisons ?? []);
  const comparison =
    comparisons.find(one => one.found !== one.expected) ?? comparisons[0];
  return (
    comparison && {
      found: shortDigest(comparison.found),
      expected: shortDigest(comparison.expected),
    }
  );
}
