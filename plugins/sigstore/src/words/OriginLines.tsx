import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactObservation,
  ArtifactReport,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Fragment } from 'react';
import { sigstoreTranslationRef } from '../translation';
import { EvidenceText } from '../ui/EvidenceText';
import { shortDigest } from '../ui/shortDigest';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';
import { artifactName } from './artifactName';
import { asksForNewest } from './asksForNewest';
import { isWords } from './isWords';

/**
 * Where an artifact comes from, where that is more than a declaration: who sees
 * it running, where and when, and whether the entity declares it.
 */
export function OriginLines(props: { artifact: ArtifactReport }) {
  const { artifact } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { running, reference, newestTag, throughIndex } = artifact;
  const runs = running && !isWords(reference);
  const isNewest = asksForNewest(reference);
  if (!runs && !isNewest && !throughIndex) return null;
  return (
    <Text as="p" tone="quiet" size="small">
      {isNewest ? (
        <>
          {newestTag
            ? t('words.origin.newest', {
                tag: <EvidenceText>{newestTag}</EvidenceText>,
              })
            : t('words.origin.newestUnknown')}{' '}
        </>
      ) : null}
      {runs ? <Runs artifact={artifact} /> : null}
      {throughIndex ? (
        <>
          {' '}
          {t('words.origin.throughIndex', {
            digest: (
              <Text mono title={throughIndex}>
                {shortDigest(throughIndex)}
              </Text>
            ),
          })}
        </>
      ) : null}
    </Text>
  );
}

function Runs(props: { artifact: ArtifactReport }) {
  const { artifact } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { observations, declared, declaredAs } = artifact;
  return (
    <>
      {onePerObserver(observations).map(group => (
        <Fragment key={`${group.observer} ${group.silentSince}`}>
          <Seen {...group} />{' '}
        </Fragment>
      ))}
      {declared ? t('words.origin.declaredToo') : null}
      {!declared && declaredAs
        ? t('words.origin.declaredAs', {
            name: <EvidenceText>{artifactName(declaredAs)}</EvidenceText>,
          })
        : null}
      {!declared && !declaredAs ? (
        <Text strong>{t('words.origin.notDeclared')}</Text>
      ) : null}
    </>
  );
}

function Seen(props: Group) {
  const { observer, places, lastSeenAt, silentSince, workload } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const words = {
    places: (
      <Text title={workload}>
        <EvidenceText>{places.join(', ')}</EvidenceText>
      </Text>
    ),
    observer,
    time: <Time at={lastSeenAt} short />,
  };
  return silentSince
    ? t('words.origin.ran', {
        ...words,
        since: <Time at={silentSince} short />,
      })
    : t('words.origin.runs', words);
}

type Group = Pick<
  ArtifactObservation,
  'observer' | 'lastSeenAt' | 'silentSince' | 'workload'
> & { places: string[] };

/** Places that answer together; each that does not answer by itself. */
function onePerObserver(observations: ArtifactObservation[]): Group[] {
  const groups: Group[] = [];
  for (const item of observations) {
    const group = groups.find(
      ({ observer, silentSince }) =>
        observer === item.observer && !silentSince && !item.silentSince,
    );
    if (group) {
      group.places.push(item.place);
      if (item.lastSeenAt < group.lastSeenAt) {
        group.lastSeenAt = item.lastSeenAt;
      }
    } else {
      groups.push({ ...item, places: [item.place] });
    }
  }
  return groups;
}
