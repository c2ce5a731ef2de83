import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
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
import { Translate } from '../words/translate';
import { decidingArtifacts } from '../words/worst';

/** The one sentence that says how the entity stands, and the counts behind it. */
export function Headline(props: { report: EntityReport }) {
  const { report } = props;
  const { counts, total, mode, status, knownSince } = report;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const shares = ARTIFACT_STATUSES.filter(s => counts[s]).map(s => ({
    number: String(counts[s]),
    words: describeStatus(s, mode).countLabel,
  }));
  return (
    <Stack gap={0.75} sx={{ marginTop: 1 }}>
      <Text as="p" size="lead" tone={describeStatus(status, mode).tone}>
        {headline(report, t)}
        {status === 'pending' && knownSince ? (
          <>, {t('card.queued', { time: <Time at={knownSince} short /> })}</>
        ) : null}
      </Text>
      {total > 0 ? (
        <>
          <Text as="p" tone="quiet">
            {t('card.artifacts', { count: total })}
            {shares
              .map(({ number, words }) => `${number} ${words}`)
              .join(' · ')}
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
      ) : null}
    </Stack>
  );
}

function headline(report: EntityReport, t: Translate): string {
  const { status, total, counts } = report;
  if (status === 'not-covered') return t('card.notCounting');
  const number = counts[status] ?? 0;
  const [deciding] = decidingArtifacts(report);
  if (number === 1 && deciding) {
    const name = visibleText(shortArtifactName(deciding.reference));
    return t(`card.headline.one.${status}`, { name });
  }
  return t(`card.headline.many.${status}`, {
    number: String(number),
    total: String(total),
  });
}
