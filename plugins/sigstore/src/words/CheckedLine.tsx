import { usePermission } from '@backstage/plugin-permission-react';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { sigstoreCheckCreatePermission } from '@cloudythings/backstage-plugin-sigstore-common';
import { Trouble } from '../api/trouble';
import { sigstoreTranslationRef } from '../translation';
import { Text } from '../ui/Text';
import { TextButton } from '../ui/TextButton';
import { Time } from '../ui/Time';

/** When it was checked, and the button that asks for a check now. */
export function CheckedLine(props: {
  checkedAt?: string;
  checking: boolean;
  checkTrouble?: Trouble;
  checkAgain(): void;
}) {
  const { checkedAt, checking, checkTrouble, checkAgain } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { allowed } = usePermission({
    permission: sigstoreCheckCreatePermission,
  });
  return (
    <Text size="small" tone="quiet" role="status">
      {checkedAt
        ? t('words.checked', { time: <Time at={checkedAt} short /> })
        : null}
      {checkedAt && allowed ? ' · ' : null}
      {allowed ? (
        <TextButton onClick={checkAgain} disabled={checking}>
          {checking ? t('words.checking') : t('words.checkAgain')}
        </TextButton>
      ) : null}
      {checkTrouble ? (
        <Text size="small" style={{ display: 'block' }}>
          {checkTrouble === 'not-permitted'
            ? t('words.checkDenied')
            : t('words.checkFailed')}
        </Text>
      ) : null}
    </Text>
  );
}
