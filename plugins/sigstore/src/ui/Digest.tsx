import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { sigstoreTranslationRef } from '../translation';
import { CopyButton } from './CopyButton';
import { shortDigest } from './shortDigest';
import { Text } from './Text';

/** A digest, shortened for the eye, whole on hover and when copied. */
export function Digest(props: { value: string }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <Text style={{ whiteSpace: 'nowrap' }}>
      <Text mono title={props.value}>
        {shortDigest(props.value)}
      </Text>{' '}
      <CopyButton text={props.value} what={t('ui.digest')} />
    </Text>
  );
}
