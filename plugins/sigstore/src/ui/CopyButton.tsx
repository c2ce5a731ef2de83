import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import IconButton from '@mui/material/IconButton';
import Check from '@mui/icons-material/Check';
import ContentCopy from '@mui/icons-material/ContentCopy';
import useCopyToClipboard from 'react-use/esm/useCopyToClipboard';
import { sigstoreTranslationRef } from '../translation';
import { VisuallyHidden } from './Layout';

/** Copies a text; says so to eyes and to assistive technology. */
export function CopyButton(props: { text: string; what: string }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const [{ value, error }, copy] = useCopyToClipboard();
  const copied = value === props.text && !error;
  return (
    <>
      <IconButton
        size="small"
        aria-label={t('ui.copy', { what: props.what })}
        title={t('ui.copy', { what: props.what })}
        onClick={() => copy(props.text)}
        sx={{ padding: 0.5, margin: -0.5, '& svg': { fontSize: '1rem' } }}
      >
        {copied ? <Check /> : <ContentCopy />}
      </IconButton>
      <VisuallyHidden role="status">
        {copied ? t('ui.copied') : ''}
      </VisuallyHidden>
    </>
  );
}
