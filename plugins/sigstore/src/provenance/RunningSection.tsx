import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { ArtifactObservation } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Disclosure } from '../ui/Disclosure';
import { EvidenceText } from '../ui/EvidenceText';
import { KeyValue } from '../ui/KeyValue';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';

/** Where an artifact is seen running, what runs it, and since when. */
export function RunningSection(props: { observations: ArtifactObservation[] }) {
  const { observations } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (observations.length === 0) return null;
  return (
    <Disclosure
      title={t('provenance.running.title')}
      note={t('provenance.running.count', { count: observations.length })}
    >
      <KeyValue
        items={observations.map(observation => ({
          name: <EvidenceText>{observation.place}</EvidenceText>,
          value: <Observation observation={observation} />,
        }))}
      />
    </Disclosure>
  );
}

function Observation(props: { observation: ArtifactObservation }) {
  const { observer, workload, firstSeenAt, lastSeenAt, silentSince } =
    props.observation;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <>
      {workload ? (
        <>
          <EvidenceText>{workload}</EvidenceText>{' '}
        </>
      ) : null}
      <Text tone="quiet" size="small">
        {t('provenance.running.seen', {
          observer,
          first: <Time at={firstSeenAt} short />,
          last: <Time at={lastSeenAt} short />,
        })}
        {silentSince ? (
          <>
            ,{' '}
            {t('provenance.running.silent', {
              time: <Time at={silentSince} short />,
            })}
          </>
        ) : null}
      </Text>
    </>
  );
}
