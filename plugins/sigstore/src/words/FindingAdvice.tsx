import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  describeFinding,
  Finding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { EvidenceText } from '../ui/EvidenceText';
import { Stack } from '../ui/Layout';
import { Text } from '../ui/Text';

/** What happened, why it matters and what to do, for one finding. */
export function FindingAdvice(props: {
  finding: Finding;
  /** Whether what happened was said just before. */
  alreadySaid?: boolean;
}) {
  const { code, detail, comparisons = [] } = props.finding;
  const { whatHappened, whyItMatters, whatToDo } = describeFinding(code);
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <Stack gap={0.5}>
      {props.alreadySaid ? null : (
        <Text as="p">
          <Text strong>{t('words.whatHappened')}</Text> {whatHappened}
        </Text>
      )}
      {detail && comparisons.length === 0 ? (
        <Text as="p" tone="quiet">
          <EvidenceText>{detail}</EvidenceText>
        </Text>
      ) : null}
      <Text as="p">
        <Text strong>{t('words.whyItMatters')}</Text> {whyItMatters}
      </Text>
      <Text as="p">
        <Text strong>{t('words.whatToDoTitle')}</Text> {whatToDo}{' '}
        <Text mono tone="quiet">
          {code}
        </Text>
      </Text>
    </Stack>
  );
}
