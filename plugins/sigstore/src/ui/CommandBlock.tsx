import { styled } from '@mui/material/styles';
import { CopyButton } from './CopyButton';

const Frame = styled('div')(({ theme }) => ({
  display: 'flex',
  alignItems: 'flex-start',
  gap: theme.spacing(1),
  border: `1px solid ${theme.palette.divider}`,
  borderRadius: theme.shape.borderRadius,
  backgroundColor: theme.palette.action.hover,
  padding: theme.spacing(1.25, 1.5),
}));

const Code = styled('pre')(({ theme }) => ({
  flex: 1,
  minWidth: 0,
  margin: 0,
  overflowX: 'auto',
  fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  fontSize: '0.8125rem',
  lineHeight: 1.6,
  whiteSpace: 'pre-wrap',
  overflowWrap: 'anywhere',
  color: theme.palette.text.primary,
}));

/** Something to paste, with a button that copies it. */
export function CommandBlock(props: { text: string; what: string }) {
  return (
    <Frame>
      <Code>{props.text}</Code>
      <CopyButton text={props.text} what={props.what} />
    </Frame>
  );
}
