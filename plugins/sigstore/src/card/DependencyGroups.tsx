import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { parseEntityRef } from '@backstage/catalog-model';
import { compareStatuses } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { useDisclosure } from '../ui/Disclosure';
import { IconRow } from '../ui/IconRow';
import { WithEnd } from '../ui/Layout';
import { PanelSection } from '../ui/Panel';
import { StatusIcon } from '../ui/StatusIcon';
import { Text } from '../ui/Text';
import { TextButton } from '../ui/TextButton';
import { worstFirst } from '../words/worst';
import { Dependency, DependencyGroup } from './DependencyGroup';

/** What the entity depends on, worst first; what is as expected in one line. */
export function DependencyGroups(props: { dependencies: Dependency[] }) {
  const groups = props.dependencies
    .filter(({ artifacts }) => artifacts.length > 0)
    .sort((a, b) => compareStatuses(worstOf(a), worstOf(b)));
  const isGreen = (group: Dependency) => worstOf(group) === 'expected-signer';
  const greens = groups.filter(isGreen);
  return (
    <>
      {groups
        .filter(group => !isGreen(group))
        .map(group => (
          <DependencyGroup key={group.entityRef} dependency={group} />
        ))}
      {greens.length > 0 ? <GreenGroups groups={greens} /> : null}
    </>
  );
}

function GreenGroups(props: { groups: Dependency[] }) {
  const { groups } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { open, trigger } = useDisclosure();
  const names = groups.map(
    ({ title, entityRef }) => title ?? parseEntityRef(entityRef).name,
  );
  return (
    <>
      <PanelSection data-ruled>
        <IconRow icon={<StatusIcon status="expected-signer" />}>
          <WithEnd>
            <Text>
              {t('card.greenDependencies', {
                count: groups.flatMap(({ artifacts }) => artifacts).length,
              })}{' '}
              <Text tone="quiet">{names.join(', ')}</Text>
            </Text>
            <TextButton
              onClick={trigger.onClick}
              aria-expanded={open}
              aria-label={open ? undefined : t('card.showDependencies')}
              more={!open}
            >
              {open ? t('card.hide') : t('card.show')}
            </TextButton>
          </WithEnd>
        </IconRow>
      </PanelSection>
      {open
        ? groups.map(group => (
            <DependencyGroup key={group.entityRef} dependency={group} />
          ))
        : null}
    </>
  );
}

function worstOf({ artifacts }: Dependency) {
  return worstFirst(artifacts)[0].status;
}
