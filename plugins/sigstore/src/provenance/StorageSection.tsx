import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  StorageReport,
  StoredObject,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Disclosure } from '../ui/Disclosure';
import { EvidenceText } from '../ui/EvidenceText';
import { momentText } from '../ui/instants';
import { PlainList } from '../ui/Layout';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';

/**
 * Whether the artifact and the evidence beside it can be changed or deleted
 * where they are kept, as the store says. What it does not say is not known.
 */
export function StorageSection(props: { storage?: StorageReport }) {
  const { storage } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (!storage || storage.objects.length === 0) return null;
  return (
    <Disclosure
      title={t('provenance.storage.title')}
      note={t('provenance.storage.note', {
        time: <Time at={storage.seenAt} short />,
      })}
    >
      <PlainList>
        {storage.objects.map(object => (
          <li key={object.name} style={{ paddingBottom: 8 }}>
            <Kept object={object} />
          </li>
        ))}
      </PlainList>
    </Disclosure>
  );
}

function Kept(props: { object: StoredObject }) {
  const { name, role, versionId, versioning, legalHold } = props.object;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <>
      <Text>
        <Text tone="quiet">{t(`provenance.storage.role.${role}`)}</Text>{' '}
        <EvidenceText mono>{name}</EvidenceText>
      </Text>
      <br />
      <Text>
        <Retention retention={props.object.retention} />
      </Text>
      {legalHold === 'off' ? null : (
        <>
          <br />
          <Text>{t(`provenance.storage.legalHold.${legalHold}`)}</Text>
        </>
      )}
      <br />
      <Text tone="quiet" size="small">
        {t(`provenance.storage.versioning.${versioning}`)}
        {versionId ? (
          <>
            {' · '}
            {t('provenance.storage.version', {
              version: <EvidenceText mono>{versionId}</EvidenceText>,
            })}
          </>
        ) : null}
      </Text>
    </>
  );
}

function Retention(props: { retention: StoredObject['retention'] }) {
  const { retention } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  switch (retention.state) {
    case 'set': {
      const { mode, until } = retention;
      const over = Date.parse(until) <= Date.now();
      const date = momentText(until);
      return over
        ? t('provenance.storage.retention.over', { date })
        : t(`provenance.storage.retention.${mode}`, { date });
    }
    case 'none':
      return t('provenance.storage.retention.none');
    default:
      return (
        <>
          {t('provenance.storage.retention.unknown', {
            cause: <EvidenceText>{retention.cause}</EvidenceText>,
          })}
        </>
      );
  }
}
