import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactReport,
  describeStatus,
  Lookup,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { EvidenceText } from '../ui/EvidenceText';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';
import { placeOf, unanswered } from './lookupWords';

/** Which source gave no answer, when it is asked again, what was known before. */
export function LookupLines(props: {
  artifact: ArtifactReport;
  size?: 'lead';
}) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { lookups, nextCheckAt, lastKnown, mode } = props.artifact;
  const silent = onePerPlace(unanswered(lookups));
  const nextAt = silent.map(({ nextDueAt }) => nextDueAt).sort()[0];
  const next = nextAt ?? nextCheckAt;
  return (
    <Text as="p" size={props.size}>
      {silent.map(lookup => (
        <SilentSource key={lookup.source} lookup={lookup} />
      ))}
      {next
        ? t('words.lookup.nextTry', { time: <Time at={next} short /> })
        : null}{' '}
      {lastKnown
        ? t('words.lookup.lastKnown', {
            time: <Time at={lastKnown.at} short />,
            status: lowerFirst(describeStatus(lastKnown.status, mode).label),
          })
        : null}
    </Text>
  );
}

function SilentSource(props: { lookup: Lookup }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { source, outcome, askedAt, lastGoodAt } = props.lookup;
  if (outcome === 'found' || outcome === 'none') return null;
  const place = <EvidenceText>{placeOf(source)}</EvidenceText>;
  return (
    <>
      {outcome === 'unreachable' && lastGoodAt
        ? t('words.lookup.silentSince', {
            place,
            time: <Time at={lastGoodAt} short />,
          })
        : t(`words.lookup.${outcome}`, {
            place,
            time: <Time at={askedAt} short />,
          })}{' '}
    </>
  );
}

function onePerPlace(lookups: Lookup[]): Lookup[] {
  const seen = new Set<string>();
  return lookups.filter(({ source, outcome }) => {
    const key = `${placeOf(source)} ${outcome}`;
    return !seen.has(key) && seen.add(key);
  });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLocaleLowerCase() + text.slice(1);
}
