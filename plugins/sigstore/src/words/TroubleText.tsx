import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { Trouble } from '../api/trouble';
import { sigstoreTranslationRef } from '../translation';
import { Prose } from '../ui/Text';
import { More, TextButton } from '../ui/TextButton';

const INSTALL_PAGE =
  'https://www.npmjs.com/package/@cloudythings/backstage-plugin-sigstore-backend';

/** Why there is nothing to show, and the one thing to do about it. */
export function TroubleText(props: {
  trouble: Trouble;
  stillShown?: boolean;
  reload(): void;
}) {
  const { trouble, stillShown, reload } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <Prose as="p" tone="quiet" role="alert">
      {t(`words.trouble.${trouble}`)}
      {stillShown ? ` ${t('words.trouble.stillShown')}` : null}{' '}
      {trouble === 'not-installed' ? (
        <Link to={INSTALL_PAGE}>
          {t('words.trouble.install')}
          <More />
        </Link>
      ) : null}
      {trouble === 'unavailable' ? (
        <TextButton onClick={reload}>{t('words.tryAgain')}</TextButton>
      ) : null}
    </Prose>
  );
}
