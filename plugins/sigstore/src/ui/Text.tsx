import { StatusTone } from '@cloudythings/backstage-plugin-sigstore-common';
import { styled, type Theme } from '@mui/material/styles';
import { toneColor } from './tones';
import { ownProps } from './ownProps';

type TextProps = {
  /** A tone of a status, or `quiet` for what supports something else. */
  tone?: StatusTone | 'quiet';
  size?: 'small' | 'body' | 'lead' | 'title';
  strong?: boolean;
  mono?: boolean;
};

const FONT_SIZE = {
  small: '0.8125rem',
  body: '0.875rem',
  lead: '1.0625rem',
  title: '1.25rem',
};

/** Text in the theme's type. Long words of evidence break instead of spilling. */
export const Text = styled(
  'span',
  ownProps('tone', 'size', 'strong', 'mono'),
)<TextProps>(({ theme, tone, size, strong, mono }) => ({
  margin: 0,
  fontFamily: mono
    ? 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace'
    : 'inherit',
  // Text in text has the size of what it stands in, headings included.
  fontSize: fontSize(size, mono),
  fontWeight: strong ? 600 : 'inherit',
  lineHeight: size === 'title' ? 1.3 : 'inherit',
  color: textColor(theme, tone),
  overflowWrap: 'anywhere',
}));

/** Running text: links in it are underlined, since colour alone is not enough. */
export const Prose = styled(Text)({ '& a': { textDecoration: 'underline' } });

function fontSize(size: TextProps['size'], mono?: boolean) {
  if (size) return FONT_SIZE[size];
  return mono ? '0.93em' : 'inherit';
}

function textColor(theme: Theme, tone: TextProps['tone']) {
  if (tone === undefined) return 'inherit';
  return tone === 'quiet'
    ? theme.palette.text.secondary
    : toneColor(theme, tone);
}
