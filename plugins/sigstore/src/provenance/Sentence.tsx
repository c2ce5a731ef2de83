import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactDetail,
  describeFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { EvidenceText } from '../ui/EvidenceText';
import { SignerLine } from '../ui/SignerLine';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';
import { expectedSignersWords } from '../words/expectedWords';
import { LookupLines } from '../words/LookupLines';
import { lastAskedAt, placesOf, unanswered } from '../words/lookupWords';
import { policyName } from '../words/policyName';
import { readProvenance } from './readProvenance';
import { repositoryName } from './repositoryName';

/** The one sentence that says how an artifact stands. */
export function Sentence(props: { detail: ArtifactDetail }) {
  const { detail } = props;
  const { status, signer, lookups } = detail;
  if (status === 'could-not-check' && unanswered(lookups).length > 0) {
    return <LookupLines artifact={detail} />;
  }
  return (
    <Text as="p" size="lead">
      {signer ? <Signed detail={detail} /> : <NotSigned detail={detail} />}{' '}
      <Expectation detail={detail} />
    </Text>
  );
}

function Signed(props: { detail: ArtifactDetail }) {
  const { detail } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const signer = <SignerLine signer={detail.signer!} strong />;
  const time = detail.signedAt ? <Time at={detail.signedAt} /> : undefined;
  const built = readProvenance(detail);
  if (!built?.repository) {
    return time
      ? t('provenance.sentence.signedAt', { signer, time })
      : t('provenance.sentence.signed', { signer });
  }
  const repository = (
    <EvidenceText strong>{repositoryName(built.repository)}</EvidenceText>
  );
  return (
    <>
      {built.commit
        ? t('provenance.sentence.built', {
            repository,
            commit: (
              <EvidenceText mono>{built.commit.slice(0, 7)}</EvidenceText>
            ),
            signer,
          })
        : t('provenance.sentence.builtWithoutCommit', {
            repository,
            signer,
          })}{' '}
      {time ? t('provenance.sentence.on', { time }) : null}
    </>
  );
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
  return (
    <>
      {policies.map(policy => {
        const rule = <em>{policyName(policy, t)}</em>;
        const allowed = expected.filter(one => one.policy === policy);
        if (status === 'expected-signer') {
          return (
            <span key={policy}>
              {t('provenance.sentence.expectsThis', { rule })}{' '}
            </span>
          );
        }
        if (allowed.length === 0) return null;
        return (
          <span key={policy}>
            {t('provenance.sentence.expects', {
              rule,
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
