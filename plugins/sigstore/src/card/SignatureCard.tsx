import { getEntityRelations, useEntity } from '@backstage/plugin-catalog-react';
import { Entity, RELATION_OWNED_BY } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityReport } from '@cloudythings/backstage-plugin-sigstore-common';
import { isUndiscovered, useEntityReport } from '../api/useEntityReport';
import { sigstoreTranslationRef } from '../translation';
import { Panel, PanelSection } from '../ui/Panel';
import { Placeholder } from '../ui/Placeholder';
import { CheckedLine } from '../words/CheckedLine';
import { TroubleText } from '../words/TroubleText';
import { allArtifacts } from '../words/worst';
import { ArtifactRows } from './ArtifactRows';
import { CardFooter } from './CardFooter';
import { DependencyGroups } from './DependencyGroups';
import { Headline } from './Headline';
import { NothingDeclared } from './NothingDeclared';
import { Undiscovered } from './Undiscovered';

/** The card on the overview of an entity: who signed what it declares. */
export function SignatureCard() {
  const { entity } = useEntity();
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const read = useEntityReport(entity);
  const { value: report, trouble, loading, reload } = read;
  const hasArtifacts = report !== undefined && report.artifacts.length > 0;
  return (
    <Panel
      title={t('card.title')}
      aside={
        hasArtifacts ? (
          <CheckedLine {...read} checkedAt={report.checkedAt} />
        ) : undefined
      }
      busy={loading}
      lead={
        <>
          {trouble ? (
            <TroubleText
              trouble={trouble}
              stillShown={report !== undefined}
              reload={reload}
            />
          ) : null}
          {!report && !trouble ? (
            <Placeholder rows={2} label={t('words.loading')} />
          ) : null}
          {report ? <Lead report={report} entity={entity} /> : null}
        </>
      }
    >
      {report ? <Rows report={report} entity={entity} /> : null}
    </Panel>
  );
}

function Lead(props: { report: EntityReport; entity: Entity }) {
  const { report, entity } = props;
  if (report.artifacts.length > 0) return <Headline report={report} />;
  if (isUndiscovered(report, entity)) return <Undiscovered report={report} />;
  return <NothingDeclared entity={entity} />;
}

function Rows(props: { report: EntityReport; entity: Entity }) {
  const { report, entity } = props;
  const { artifacts, dependencies } = report;
  const owner = getEntityRelations(entity, RELATION_OWNED_BY)[0]?.name;
  const any =
    artifacts.length > 0 || dependencies.some(d => d.artifacts.length > 0);
  return (
    <>
      <ArtifactRows
        artifacts={artifacts}
        owner={owner}
        alone={allArtifacts(report).length === 1}
      />
      <DependencyGroups dependencies={dependencies} />
      {any ? (
        <PanelSection footer data-ruled>
          <CardFooter report={report} />
        </PanelSection>
      ) : null}
    </>
  );
}
