import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useEntity } from '@backstage/plugin-catalog-react';
import { useSearchParams } from 'react-router-dom';
import { useEntityReport } from '../api/useEntityReport';
import { sigstoreTranslationRef } from '../translation';
import { Stack } from '../ui/Layout';
import { Panel, Page } from '../ui/Panel';
import { Placeholder } from '../ui/Placeholder';
import { Text } from '../ui/Text';
import { TroubleText } from '../words/TroubleText';
import { allArtifacts } from '../words/worst';
import { ArtifactPanel } from './ArtifactPanel';
import { ArtifactPicker } from './ArtifactPicker';

/** The tab of an entity with the evidence behind its card. */
export function ProvenanceTab() {
  const { entity } = useEntity();
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const [query] = useSearchParams();
  const read = useEntityReport(entity);
  const { value: report, trouble, reload } = read;
  const artifacts = report ? allArtifacts(report) : [];
  const asked = query.get('artifact');
  const chosen = artifacts.find(({ id }) => id === asked) ?? artifacts[0];

  if (!chosen) {
    return (
      <Page>
        <Panel
          title={t('card.title')}
          busy={read.loading}
          lead={
            <>
              {trouble ? (
                <TroubleText trouble={trouble} reload={reload} />
              ) : null}
              {!trouble && !report ? (
                <Placeholder rows={4} label={t('words.loading')} />
              ) : null}
              {report ? (
                <Text as="p" tone="quiet">
                  {t('provenance.nothing')}
                </Text>
              ) : null}
            </>
          }
        />
      </Page>
    );
  }
  return (
    <Page>
      <Stack gap={2}>
        {trouble ? (
          <TroubleText trouble={trouble} stillShown reload={reload} />
        ) : null}
        {asked && asked !== chosen.id ? (
          <Text as="p" tone="quiet" role="status">
            {t('provenance.noLongerDeclared')}
          </Text>
        ) : null}
        {artifacts.length > 1 ? (
          <ArtifactPicker artifacts={artifacts} chosen={chosen.id} />
        ) : null}
        <ArtifactPanel
          key={`${chosen.entityRef} ${chosen.id}`}
          artifact={chosen}
          check={read}
        />
      </Stack>
    </Page>
  );
}
