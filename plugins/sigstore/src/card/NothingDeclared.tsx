import { Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { INPUT_ANNOTATIONS } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { CommandBlock } from '../ui/CommandBlock';
import { Stack } from '../ui/Layout';
import { Text } from '../ui/Text';

/** What to write into the entity's file so that there is something to show. */
export function NothingDeclared(props: { entity: Entity }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { image, ...others } = INPUT_ANNOTATIONS;
  const { name } = props.entity.metadata;
  const snippet = [
    'metadata:',
    '  annotations:',
    `    ${image}: ghcr.io/your-organization/${name.toLowerCase()}:1.4.2`,
  ].join('\n');
  return (
    <Stack>
      <Text as="p" size="lead">
        {t('card.nothingDeclared')}
      </Text>
      <Text as="p" tone="quiet">
        {t('card.nothingDeclaredHint')}
      </Text>
      <CommandBlock text={snippet} what={t('card.snippet')} />
      <Text as="p" tone="quiet" size="small">
        {t('card.nothingDeclaredMore', {
          annotations: Object.values(others).join(', '),
        })}
      </Text>
    </Stack>
  );
}
