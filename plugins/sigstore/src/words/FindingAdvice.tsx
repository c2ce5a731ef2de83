import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  describeFinding,
  Finding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { EvidenceText } from '../ui/EvidenceText';
import { Stack } from '../ui/Layout';
import { shortDigests } from '../ui/shortDigest';
import { Text } from '../ui/Text';
import { visibleText } from '../ui/visibleText';
import { ExceptionFacts } from './ExceptionFacts';
import { FindingCode } from './FindingCode';

/** Findings whose detail says more than the comparison beside it. */
const TELLS_MORE = new Set<Finding['code']>(['weaker-than-before']);

/** What happened, why it matters and what to do, for one finding. */
export function FindingAdvice(props: {
  finding: Finding;
  /** Whether what happened was said just before. */
  alreadySaid?: boolean;
}) {
  const { code, detail, comparisons = [], exception } = props.finding;
  const { whatHappened, whyItMatters, whatToDo } = describeFinding(code);
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <Stack gap={0.5}>
      {props.alreadySaid ? null : (
        <Text as="p">
          <Text strong>{t('words.whatHappened')}</Text> {whatHappened}
        </Text>
      )}
      {exception ? <ExceptionFacts exception={exception} /> : null}
      {detail &&
      !exception &&
      (comparisons.length === 0 || TELLS_MORE.has(code)) ? (
        <Text as="p" tone="quiet" title={visibleText(detail)}>
          <EvidenceText>{shortDigests(detail)}</EvidenceText>
        </Text>
      ) : null}
      <Text as="p">
        <Text strong>{t('words.whyItMatters')}</Text> {whyItMatters}
      </Text>
      <Text as="p">
        <Text strong>{t('words.whatToDoTitle')}</Text> {whatToDo}{' '}
        <FindingCode code={code} />
      </Text>
    </Stack>
  );
}
