import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { Lookup } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Disclosure } from '../ui/Disclosure';
import { EvidenceText } from '../ui/EvidenceText';
import { KeyValue } from '../ui/KeyValue';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';

/** Every source that was asked, and what it answered. */
export function LookupsSection(props: { lookups: Lookup[] }) {
  const { lookups } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (lookups.length === 0) return null;
  return (
    <Disclosure
      title={t('provenance.lookups.title')}
      note={String(lookups.length)}
    >
      <KeyValue
        items={lookups.map(lookup => ({
          name: <EvidenceText>{lookup.source}</EvidenceText>,
          value: <Answer lookup={lookup} />,
        }))}
      />
    </Disclosure>
  );
}

function Answer(props: { lookup: Lookup }) {
  const { outcome, cause, askedAt, lastGoodAt, nextDueAt } = props.lookup;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const silent = outcome !== 'found' && outcome !== 'none';
  return (
    <>
      {t(`provenance.lookups.outcome.${outcome}`)}
      {cause ? (
        <>
          : <EvidenceText>{cause}</EvidenceText>
        </>
      ) : null}{' '}
      <Text tone="quiet" size="small">
        · {t('provenance.lookups.asked', { time: <Time at={askedAt} short /> })}
        {silent && lastGoodAt ? (
          <>
            ,{' '}
            {t('provenance.lookups.lastGood', {
              time: <Time at={lastGoodAt} short />,
            })}
          </>
        ) : null}
        {nextDueAt ? (
          <>
            ,{' '}
            {t('provenance.lookups.next', {
              time: <Time at={nextDueAt} short />,
            })}
          </>
        ) : null}
      </Text>
    </>
  );
}
