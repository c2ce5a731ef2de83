import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ARTIFACT_KINDS,
  ARTIFACT_STATUSES,
  describeStatus,
  EntityReport,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Stack } from '../ui/Layout';
import { StatusBar } from '../ui/StatusBar';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';
import { visibleText } from '../ui/visibleText';
import { shortArtifactName } from '../words/artifactName';
import { asTitle, isWords } from '../words/isWords';
import { rightSignerFinding } from '../words/rightSigner';
import { Translate } from '../words/translate';
import { allArtifacts, decidingArtifacts } from '../words/worst';

/** The one sentence that says how the entity stands, and the counts behind it. */
export function Headline(props: { report: EntityReport }) {
  const { report } = props;
  const { mode, status, knownSince } = report;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <Stack gap={0.75}>
      <Text as="p" size="lead" tone={describeStatus(status, mode).tone}>
        {headline(report, t)}
        {status === 'pending' && knownSince ? (
          <>, {t('card.queued', { time: <Time at={knownSince} short /> })}</>
        ) : null}
      </Text>
      <Counts report={report} />
    </Stack>
  );
}

/** Of one artifact there is nothing to count that the sentence did not say. */
function Counts(props: { report: EntityReport }) {
  const { report } = props;
  const { counts, total, mode, status } = report;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (total < 2) return null;
  const shares = ARTIFACT_STATUSES.filter(s => counts[s]).map(s => ({
    number: String(counts[s]),
    words: describeStatus(s, mode).countLabel,
  }));
  return (
    <>
      <Text as="p" tone="quiet">
        {status === 'expected-signer'
          ? kindCounts(report, t)
          : t('card.artifacts', { count: total }) +
            shares.map(({ number, words }) => `${number} ${words}`).join(' · ')}
      </Text>
      <StatusBar
        counts={counts}
        mode={mode}
        label={shares
          .map(({ number, words }) =>
            t('card.share', { number, total: String(total), words }),
          )
          .join(', ')}
      />
    </>
  );
}

function kindCounts(report: EntityReport, t: Translate): string {
  const kinds = allArtifacts(report)
    .filter(({ required }) => required)
    .map(({ kind }) => kind);
  return ARTIFACT_KINDS.filter(kind => kinds.includes(kind))
    .map(kind =>
      t(`words.kindCount.${kind}`, {
        count: kinds.filter(other => other === kind).length,
      }),
    )
    .join(' · ');
}

function headline(report: EntityReport, t: Translate): string {
  const { status, total, counts } = report;
  if (status === 'not-covered') return t('card.notCounting');
  const number = counts[status] ?? 0;
  const [deciding] = decidingArtifacts(report);
  if (number === 1 && deciding) {
    const { reference } = deciding;
    const name = visibleText(
      isWords(reference) ? asTitle(reference) : shortArtifactName(reference),
    );
    const rightSigner = rightSignerFinding(deciding);
    return rightSigner
      ? t(`card.headline.finding.${rightSigner}`, { name })
      : t(`card.headline.one.${status}`, { name });
  }
  return t(`card.headline.many.${status}`, {
    number: String(number),
    total: String(total),
  });
}
