import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactDetail,
  ArtifactReport,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { useArtifactDetail } from '../api/useArtifactDetail';
import { EntityReportRead } from '../api/useEntityReport';
import { sigstoreTranslationRef } from '../translation';
import { Digest } from '../ui/Digest';
import { EvidenceText } from '../ui/EvidenceText';
import { Stack } from '../ui/Layout';
import { Panel } from '../ui/Panel';
import { Placeholder } from '../ui/Placeholder';
import { Text } from '../ui/Text';
import { artifactName } from '../words/artifactName';
import { CheckedLine } from '../words/CheckedLine';
import { asTitle, isWords } from '../words/isWords';
import { OriginLines } from '../words/OriginLines';
import { TroubleText } from '../words/TroubleText';
import { Answers } from './Answers';
import { findDeciding } from './deciding';
import { FactTiles } from './FactTiles';
import { Sections } from './Sections';
import { Sentence } from './Sentence';
import { WhatDiffers } from './WhatDiffers';

/** Everything about one artifact: the sentence, the answers, the evidence. */
export function ArtifactPanel(props: {
  artifact: ArtifactReport;
  check: EntityReportRead;
}) {
  const { artifact, check } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const {
    value: detail,
    trouble,
    loading,
    reload,
  } = useArtifactDetail(artifact);
  return (
    <Panel
      title={
        <EvidenceText strong>
          {isWords(artifact.reference)
            ? asTitle(artifact.reference)
            : artifactName(artifact.reference)}
        </EvidenceText>
      }
      aside={<CheckedLine {...check} checkedAt={artifact.checkedAt} />}
      busy={loading}
      lead={
        <Stack gap={1.5}>
          <Facts artifact={artifact} />
          <OriginLines artifact={artifact} />
          {trouble ? (
            <TroubleText
              trouble={trouble}
              stillShown={detail !== undefined}
              reload={reload}
            />
          ) : null}
          {detail ? <Lead detail={detail} /> : null}
          {!detail && !trouble ? (
            <Placeholder rows={5} label={t('words.loading')} />
          ) : null}
        </Stack>
      }
    >
      {detail ? <Sections detail={detail} /> : null}
    </Panel>
  );
}

function Facts(props: { artifact: ArtifactReport }) {
  const { kind, reference, digest, declared, declaredBy } = props.artifact;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  // The title says all there is to say.
  if (isWords(reference)) return null;
  return (
    <Text as="p" tone="quiet" size="small">
      {t(`words.kind.${kind}`)} ·{' '}
      <EvidenceText>{withoutDigest(reference, digest)}</EvidenceText>
      {digest ? (
        <>
          {' '}
          · <Digest value={digest} />
        </>
      ) : null}
      {declared
        ? ` · ${t('provenance.declaredBy', { annotation: declaredBy })}`
        : null}
    </Text>
  );
}

/** The digest stands beside it, and can be copied there. */
function withoutDigest(reference: string, digest?: string): string {
  return digest ? reference.replace(`@${digest}`, '') : reference;
}

function Lead(props: { detail: ArtifactDetail }) {
  const { detail } = props;
  const deciding = findDeciding(detail);
  return (
    <Stack gap={2.5}>
      <Sentence detail={detail} />
      <Answers detail={detail} deciding={deciding} />
      <WhatDiffers detail={detail} deciding={deciding} />
      <FactTiles detail={detail} deciding={deciding} />
    </Stack>
  );
}
