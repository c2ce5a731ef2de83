import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityReport } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Stack } from '../ui/Layout';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';

/** The entity declares something, and the backend has not read it yet. */
export function Undiscovered(props: { report: EntityReport }) {
  const { knownSince } = props.report;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <Stack role="status">
      <Text as="p" size="lead" tone="quiet">
        {t('card.undiscovered')}
        {knownSince ? (
          <>, {t('card.queued', { time: <Time at={knownSince} short /> })}</>
        ) : null}
      </Text>
      <Text as="p" tone="quiet">
        {t('card.undiscoveredHint')}
      </Text>
    </Stack>
  );
}
