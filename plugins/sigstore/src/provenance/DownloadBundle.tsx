import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useState } from 'react';
import { sigstoreApiRef } from '../api/sigstoreApi';
import { Trouble, troubleOf } from '../api/trouble';
import { sigstoreTranslationRef } from '../translation';
import { saveFile } from '../ui/saveFile';
import { Text } from '../ui/Text';
import { TextButton } from '../ui/TextButton';

/** Saves a bundle as it was found. */
export function DownloadBundle(props: { digest: string }) {
  const { digest } = props;
  const api = useApi(sigstoreApiRef);
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const [trouble, setTrouble] = useState<Trouble>();
  const download = async () => {
    setTrouble(undefined);
    try {
      const bundle = await api.getEvidenceBundle(digest);
      saveFile(bundle, `${digest.replace(':', '-')}.sigstore.json`);
    } catch (error) {
      setTrouble(troubleOf(error));
    }
  };
  return (
    <span>
      <TextButton onClick={download}>
        {t('provenance.evidence.download')}
      </TextButton>
      {trouble ? (
        <Text role="alert" tone="quiet">
          {' '}
          {trouble === 'not-permitted'
            ? t('provenance.evidence.downloadDenied')
            : t('provenance.evidence.downloadFailed')}
        </Text>
      ) : null}
    </span>
  );
}
