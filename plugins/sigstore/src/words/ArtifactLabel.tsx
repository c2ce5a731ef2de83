import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { ArtifactReport } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { dayText } from '../ui/instants';
import { StatusLabel } from '../ui/StatusIcon';
import { Time } from '../ui/Time';
import { exceptionOf } from './exception';
import { answeredSince } from './lookupWords';
import { rightSignerFinding } from './rightSigner';

/** Label of an artifact's status, with the date that belongs to it. */
export function ArtifactLabel(props: { artifact: ArtifactReport }) {
  const { status, mode, findings, lookups } = props.artifact;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const exception = exceptionOf(props.artifact);
  if (status === 'exempt' && exception) {
    return (
      <StatusLabel status={status} mode={mode}>
        {t('words.status.exemptUntil', { day: dayText(exception.until) })}
      </StatusLabel>
    );
  }
  const rightSigner = rightSignerFinding(props.artifact);
  if (rightSigner) {
    return (
      <StatusLabel status={status} mode={mode}>
        {t(`words.status.${rightSigner}`)}
      </StatusLabel>
    );
  }
  const tooOld = findings.some(({ code }) => code === 'result-too-old');
  const since = tooOld ? answeredSince(lookups) : undefined;
  if (status === 'stale' && since) {
    return (
      <StatusLabel status={status} mode={mode}>
        {t('words.status.staleSince', { time: <Time at={since} short /> })}
      </StatusLabel>
    );
  }
  return <StatusLabel status={status} mode={mode} />;
}
