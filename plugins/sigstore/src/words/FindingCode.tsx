import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { Finding } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { CopyButton } from '../ui/CopyButton';
import { Text } from '../ui/Text';

/** The code of a finding, to search the documentation and alerts for. */
export function FindingCode(props: { code: Finding['code'] }) {
  const { code } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <Text tone="quiet" style={{ whiteSpace: 'nowrap' }}>
      <Text mono>{code}</Text>{' '}
      <CopyButton text={code} what={`${t('words.code')} ${code}`} />
    </Text>
  );
}
