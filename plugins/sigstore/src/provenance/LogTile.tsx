import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { sigstoreTranslationRef } from '../translation';
import { EvidenceText } from '../ui/EvidenceText';
import { FactTile } from '../ui/FactTile';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';
import { Deciding } from './deciding';

/** Where the signature is recorded, and who attested when it was made. */
export function LogTile(props: { deciding?: Deciding }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const facts = props.deciding?.verification?.facts;
  const entries = (facts?.logEntries ?? []).flatMap(entry => [
    {
      name: t('provenance.log.entry'),
      value: (
        <>
          <EvidenceText>
            {entry.logName.replace(/^https:\/\//, '')}
          </EvidenceText>
          , #{groupDigits(entry.logIndex)}
        </>
      ),
    },
    {
      name: t('provenance.log.inclusion'),
      value: entry.inclusion ? (
        <Text tone="green">
          {t('provenance.log.recomputed', {
            size: groupDigits(entry.inclusion.treeSize),
          })}{' '}
          <span aria-hidden>✓</span>
        </Text>
      ) : (
        t('provenance.log.promised')
      ),
    },
  ]);
  const times = (facts?.times ?? []).map(time => ({
    name: t('provenance.log.time'),
    value: (
      <>
        <Time at={time.time} />, {t(`provenance.log.by.${time.source}`)}
      </>
    ),
  }));
  const noEntry = facts && entries.length === 0;
  return (
    <FactTile
      title={t('provenance.log.title')}
      items={[
        ...(noEntry
          ? [
              {
                name: t('provenance.log.entry'),
                value: t('provenance.log.none'),
              },
            ]
          : entries),
        ...times,
      ]}
      none={t('provenance.log.none')}
    />
  );
}

/** Log positions outgrow what a number can hold, so they stay text. */
function groupDigits(decimal: string): string {
  return decimal.replace(/\B(?=(?:\d{3})+$)/g, ',');
}
