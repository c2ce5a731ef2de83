import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactDetail,
  describeFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { EvidenceText } from '../ui/EvidenceText';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';
import { expectedSignersWords } from '../words/expectedWords';
import { LookupLines } from '../words/LookupLines';
import { lastAskedAt, placesOf, unanswered } from '../words/lookupWords';
import { policyName } from '../words/policyName';
import { SignerLine } from '../words/SignerLine';
import { readProvenance } from './readProvenance';
import { repositoryName } from './repositoryName';

/** Whether the sentence says what happened, and not who signed. */
export function isSaidBySentence(detail: ArtifactDetail): boolean {
  return !detail.signer && !isSilent(detail);
}

function isSilent({ status, lookups }: ArtifactDetail): boolean {
  return status === 'could-not-check' && unanswered(lookups).length > 0;
}

/** The one sentence that says how an artifact stands. */
export function Sentence(props: { detail: ArtifactDetail }) {
  const { detail } = props;
  if (isSilent(detail)) return <LookupLines artifact={detail} size="lead" />;
  return (
    <Text as="p" size="lead">
      {detail.signer ? (
        <Signed detail={detail} />
      ) : (
        <NotSigned detail={detail} />
      )}{' '}
      <Expectation detail={detail} />
    </Text>
  );
}

function Signed(props: { detail: ArtifactDetail }) {
  const { detail } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const signer = (
    <SignerLine signer={detail.signer!} expected={detail.expected} strong />
  );
  const time = detail.signedAt ? <Time at={detail.signedAt} /> : undefined;
  const built = readProvenance(detail);
  if (built?.repository && built.commit && time) {
    return t('provenance.sentence.built', {
      repository: (
        <EvidenceText strong>{repositoryName(built.repository)}</EvidenceText>
      ),
      commit: <EvidenceText mono>{built.commit.slice(0, 7)}</EvidenceText>,
      signer,
      time,
    });
  }
  return time
    ? t('provenance.sentence.signedAt', { signer, time })
    : t('provenance.sentence.signed', { signer });
}

function NotSigned(props: { detail: ArtifactDetail }) {
  const { status, findings, lookups } = props.detail;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (status === 'pending') return <>{t('provenance.sentence.queued')}</>;
  const [finding] = findings;
  const askedAt = lastAskedAt(lookups);
  return (
    <>
      {finding ? describeFinding(finding.code).whatHappened : null}{' '}
      {status === 'no-signature' && askedAt
        ? t('provenance.sentence.asked', {
            places: placesOf(lookups).join(', '),
            time: <Time at={askedAt} short />,
          })
        : null}
    </>
  );
}

function Expectation(props: { detail: ArtifactDetail }) {
  const { expected, policies, status } = props.detail;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (status === 'no-policy') return <>{t('provenance.sentence.noRule')}</>;
  if (status === 'expected-signer') {
    const rules = (
      <em>{policies.map(name => policyName(name, t)).join(', ')}</em>
    );
    return (
      <>
        {t('provenance.sentence.expectsThis', {
          count: policies.length,
          rules,
        })}
      </>
    );
  }
  return (
    <>
      {policies.map(policy => {
        const allowed = expected.filter(one => one.policy === policy);
        if (allowed.length === 0) return null;
        return (
          <span key={policy}>
            {t('provenance.sentence.expects', {
              rule: <em>{policyName(policy, t)}</em>,
              expected: (
                <strong>
                  {expectedSignersWords(allowed, t).join(t('words.or'))}
                </strong>
              ),
            })}{' '}
          </span>
        );
      })}
    </>
  );
}
