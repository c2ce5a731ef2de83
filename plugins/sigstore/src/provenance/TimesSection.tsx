import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { Facts } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Disclosure } from '../ui/Disclosure';
import { EvidenceText } from '../ui/EvidenceText';
import { utcText } from '../ui/instants';
import { KeyValue } from '../ui/KeyValue';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';

/** The times that somebody else than the signer attested. */
export function TimesSection(props: { facts: Facts }) {
  const { times } = props.facts;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <Disclosure title={t('provenance.times.title')} note={String(times.length)}>
      {times.length === 0 ? (
        <Text tone="quiet">{t('provenance.times.none')}</Text>
      ) : (
        <KeyValue
          items={times.map(({ time, source, authority }) => ({
            name: <Time at={time} />,
            value: (
              <>
                {t(`provenance.log.by.${source}`)}{' '}
                <EvidenceText>{authority}</EvidenceText>{' '}
                <Text tone="quiet">{utcText(time)}</Text>
              </>
            ),
          }))}
        />
      )}
    </Disclosure>
  );
}
