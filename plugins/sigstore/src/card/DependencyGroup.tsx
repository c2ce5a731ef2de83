import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { EntityReport } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { PanelSection } from '../ui/Panel';
import { Prose } from '../ui/Text';
import { ArtifactRows } from './ArtifactRows';
import { ownerWords } from './ownerWords';

export type Dependency = EntityReport['dependencies'][number];

/** Artifacts of something this entity depends on, with whose they are. */
export function DependencyGroup(props: { dependency: Dependency }) {
  const { entityRef, title, owner, artifacts } = props.dependency;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const kinds = [
    ...new Set(artifacts.map(({ kind }) => t(`words.kind.${kind}`))),
  ];
  return (
    <>
      <PanelSection footer data-ruled>
        <Prose as="h3" size="small" tone="quiet">
          {t('card.from', {
            name: <EntityRefLink entityRef={entityRef} title={title} />,
          })}{' '}
          ({kinds.join(', ')})
          {owner ? (
            <>
              , {t('card.ownedBy')}{' '}
              <EntityRefLink entityRef={owner} defaultKind="group" />
            </>
          ) : null}
          {artifacts.some(({ required }) => required)
            ? null
            : ` · ${t('card.notCounted')}`}
        </Prose>
      </PanelSection>
      <ArtifactRows artifacts={artifacts} owner={ownerWords(owner)} />
    </>
  );
}
