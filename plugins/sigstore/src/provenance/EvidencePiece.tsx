import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  describeFinding,
  EvidenceReport,
  Verification,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Digest } from '../ui/Digest';
import { useDisclosure } from '../ui/Disclosure';
import { EvidenceText } from '../ui/EvidenceText';
import { fileSize } from '../ui/fileSize';
import { KeyValue } from '../ui/KeyValue';
import { Inline } from '../ui/Layout';
import { Tile } from '../ui/Panel';
import { StatementTree } from '../ui/StatementTree';
import { Text } from '../ui/Text';
import { TextButton } from '../ui/TextButton';
import { Time } from '../ui/Time';
import { SignerLine } from '../words/SignerLine';
import { DownloadBundle } from './DownloadBundle';

/** One piece of evidence: where it was seen, and what verifying it gave. */
export function EvidencePiece(props: {
  piece: EvidenceReport;
  decided: boolean;
}) {
  const { piece, decided } = props;
  const { digest, mediaType, size, sightings, verifications } = piece;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <Tile>
      <Inline spread gap={2}>
        <Text>
          <Digest value={digest} />
          {decided ? (
            <Text tone="quiet"> · {t('provenance.evidence.decided')}</Text>
          ) : null}
        </Text>
        <DownloadBundle digest={digest} />
      </Inline>
      <KeyValue
        items={[
          {
            name: t('provenance.evidence.mediaType'),
            value: <EvidenceText>{mediaType}</EvidenceText>,
          },
          { name: t('provenance.evidence.size'), value: fileSize(size) },
          ...sightings.map(sighting => ({
            name: t('provenance.evidence.seen'),
            value: <Sighting sighting={sighting} />,
          })),
          ...verifications.map(verification => ({
            name: t('provenance.evidence.root', {
              root: verification.trustedRoot,
            }),
            value: <Result verification={verification} />,
          })),
        ]}
      />
      <Statement verifications={verifications} />
    </Tile>
  );
}

function Sighting(props: { sighting: EvidenceReport['sightings'][number] }) {
  const { source, firstSeenAt, lastSeenAt, goneAt } = props.sighting;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <>
      {t('provenance.evidence.seenAt', {
        source: <EvidenceText>{source}</EvidenceText>,
        first: <Time at={firstSeenAt} short />,
        last: <Time at={lastSeenAt} short />,
      })}
      {goneAt ? (
        <>
          ,{' '}
          {t('provenance.evidence.gone', { time: <Time at={goneAt} short /> })}
        </>
      ) : null}
    </>
  );
}

function Result(props: { verification: Verification }) {
  const { facts, findings } = props.verification;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return facts ? (
    <>
      {t('provenance.evidence.holds', {
        signer: <SignerLine signer={facts.signer} />,
      })}
    </>
  ) : (
    <>
      {t('provenance.evidence.holdsNot', {
        findings: findings
          .map(({ code }) => describeFinding(code).title)
          .join(', '),
      })}
    </>
  );
}

function Statement(props: { verifications: Verification[] }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { open, trigger, region } = useDisclosure();
  const content = props.verifications.find(({ facts }) => facts)?.facts
    ?.content;
  if (!content?.predicateType || content.statement === undefined) return null;
  return (
    <>
      <Inline gap={1}>
        <EvidenceText>{content.predicateType}</EvidenceText>
        <TextButton {...trigger} more={!open}>
          {open
            ? t('provenance.evidence.hideStatement')
            : t('provenance.evidence.showStatement')}
        </TextButton>
      </Inline>
      {open ? (
        <div {...region}>
          <StatementTree value={content.statement} />
        </div>
      ) : null}
    </>
  );
}
