import { ReactNode } from 'react';
import ButtonBase from '@mui/material/ButtonBase';
import { styled } from '@mui/material/styles';
import { linkColor } from './tones';

const LinkLike = styled(ButtonBase)(({ theme }) => ({
  font: 'inherit',
  fontFamily: theme.typography.fontFamily,
  fontSize: 'inherit',
  lineHeight: 1.5,
  color: linkColor(theme),
  // Large enough to hit with a finger without moving the line it stands in.
  padding: theme.spacing(0.5, 0.5),
  margin: theme.spacing(-0.5, -0.5),
  borderRadius: theme.shape.borderRadius,
  verticalAlign: 'baseline',
  whiteSpace: 'nowrap',
  '&:hover': { textDecoration: 'underline' },
  '&:focus-visible': { outline: `2px solid ${linkColor(theme)}` },
  '&[disabled]': { color: theme.palette.text.secondary },
}));

/** A button that looks like a link, for what happens in place. */
export function TextButton(props: {
  children: ReactNode;
  onClick(): void;
  disabled?: boolean;
  /** Whether there is more behind it: shows the arrow. */
  more?: boolean;
  'aria-expanded'?: boolean;
  'aria-controls'?: string;
  'aria-label'?: string;
}) {
  const { children, more, ...rest } = props;
  return (
    <LinkLike disableRipple {...rest}>
      {children}
      {more ? <More /> : null}
    </LinkLike>
  );
}

/** The arrow behind words that lead further. */
export function More() {
  return <span aria-hidden>&nbsp;›</span>;
}
