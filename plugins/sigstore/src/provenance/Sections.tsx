import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactDetail,
  Facts,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { CheckLine } from '../ui/CheckLine';
import { Disclosure } from '../ui/Disclosure';
import { PlainList } from '../ui/Layout';
import { StatementTree } from '../ui/StatementTree';
import { Text } from '../ui/Text';
import { CertificateSection } from './CertificateSection';
import { Commands } from './Commands';
import { findDeciding } from './deciding';
import { EvidenceSection } from './EvidenceSection';
import { HistorySection } from './HistorySection';
import { LookupsSection } from './LookupsSection';
import { NoticesSection } from './NoticesSection';
import { RunningSection } from './RunningSection';
import { StorageSection } from './StorageSection';
import { TimesSection } from './TimesSection';

/** What stands behind the sentence, folded: from the checks to the raw bytes. */
export function Sections(props: { detail: ArtifactDetail }) {
  const { detail } = props;
  const verification = findDeciding(detail)?.verification;
  const facts = verification?.facts;
  return (
    <>
      {verification ? <PassedChecks verification={verification} /> : null}
      {facts ? (
        <>
          {facts.certificate ? (
            <CertificateSection
              certificate={facts.certificate}
              signer={facts.signer}
            />
          ) : null}
          <TimesSection facts={facts} />
          <StatementSection facts={facts} />
        </>
      ) : null}
      <EvidenceSection detail={detail} />
      <StorageSection storage={detail.storage} />
      <NoticesSection notices={detail.notices} />
      <RunningSection observations={detail.observations} />
      <LookupsSection lookups={detail.lookups} />
      <HistorySection history={detail.history} />
      <Commands detail={detail} />
    </>
  );
}

function PassedChecks(props: { verification: Verification }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { checks, trustedRoot, engineRevision } = props.verification;
  const shown = checks.filter(
    ({ outcome }) => outcome === 'passed' || outcome === 'not-applicable',
  );
  const count = shown.filter(({ outcome }) => outcome === 'passed').length;
  return (
    <Disclosure
      title={t('provenance.checks.passed', { count })}
      note={t('provenance.evidence.root', { root: trustedRoot })}
    >
      <PlainList>
        {shown.map(({ name, outcome }) => (
          <CheckLine
            key={name}
            outcome={outcome}
            note={
              outcome === 'not-applicable'
                ? t('provenance.checks.not-applicable')
                : undefined
            }
          >
            {t(`provenance.checks.name.${name}`)}
          </CheckLine>
        ))}
      </PlainList>
      <Text tone="quiet" size="small">
        {engineRevision}
      </Text>
    </Disclosure>
  );
}

function StatementSection(props: { facts: Facts }) {
  const { content } = props.facts;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (content.statement === undefined) return null;
  return (
    <Disclosure
      title={t('provenance.statement.title')}
      note={content.predicateType ?? t('provenance.statement.payload')}
    >
      <StatementTree value={content.statement} />
    </Disclosure>
  );
}
