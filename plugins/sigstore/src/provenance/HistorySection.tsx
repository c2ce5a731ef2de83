import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactDetail,
  describeFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Disclosure } from '../ui/Disclosure';
import { IconRow } from '../ui/IconRow';
import { PlainList } from '../ui/Layout';
import { shortDigest } from '../ui/shortDigest';
import { StatusIcon, StatusLabel } from '../ui/StatusIcon';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';
import { policyName } from '../words/policyName';

type Verdict = ArtifactDetail['history'][number];

/** Every verdict there was, newest first; one is added when something changed. */
export function HistorySection(props: { history: Verdict[] }) {
  const { history } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const oldest = history[history.length - 1];
  if (!oldest) return null;
  return (
    <Disclosure
      title={t('provenance.history.title')}
      note={t('provenance.history.count', {
        count: history.length,
        time: <Time at={oldest.decidedAt} short />,
      })}
    >
      <PlainList>
        {history.map((verdict, index) => (
          <li key={index} style={{ paddingBottom: 8 }}>
            <PastVerdict verdict={verdict} />
          </li>
        ))}
      </PlainList>
    </Disclosure>
  );
}

function PastVerdict(props: { verdict: Verdict }) {
  const { status, findings, policies, digest, decidedAt } = props.verdict;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const details = [
    ...findings.map(({ code }) => describeFinding(code).title),
    ...policies.map(name => policyName(name, t)),
    ...(digest ? [shortDigest(digest)] : []),
  ];
  return (
    <IconRow icon={<StatusIcon status={status} />}>
      <Text>
        <StatusLabel status={status} />{' '}
        <Text tone="quiet">
          · <Time at={decidedAt} />
        </Text>
      </Text>
      <Text tone="quiet" size="small" title={digest}>
        {details.join(' · ')}
      </Text>
    </IconRow>
  );
}
