import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactDetail,
  EvidenceReport,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Disclosure } from '../ui/Disclosure';
import { Stack } from '../ui/Layout';
import { Text } from '../ui/Text';
import { PanelSection } from '../ui/Panel';
import { EvidencePiece } from './EvidencePiece';

/** Every piece of evidence, the one that decided first, each with its bytes. */
export function EvidenceSection(props: { detail: ArtifactDetail }) {
  const { evidence, decidingEvidence } = props.detail;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (evidence.length === 0) {
    return decidingEvidence ? (
      <PanelSection data-ruled>
        <Text tone="quiet">{t('provenance.evidence.hidden')}</Text>
      </PanelSection>
    ) : null;
  }
  return (
    <Disclosure
      title={t('provenance.evidence.title')}
      note={t('provenance.evidence.count', { count: evidence.length })}
    >
      <Stack gap={1.5}>
        {evidence.map((piece: EvidenceReport) => (
          <EvidencePiece
            key={piece.digest}
            piece={piece}
            decided={piece.digest === decidingEvidence}
          />
        ))}
      </Stack>
    </Disclosure>
  );
}
