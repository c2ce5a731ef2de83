import { StatusTone } from '@cloudythings/backstage-plugin-sigstore-common';
import { alpha, darken, lighten, type Theme } from '@mui/material/styles';

/**
 * Colour of a tone for text and icons, taken from the theme and moved until it
 * is readable: the theme's own warning orange has too little contrast on white.
 */
export function toneColor(theme: Theme, tone: StatusTone): string {
  const dark = theme.palette.mode === 'dark';
  const { error, warning, success, info, text } = theme.palette;
  switch (tone) {
    case 'red':
      return dark ? lighten(error.light, 0.35) : error.dark;
    case 'amber':
      return dark ? warning.light : darken(warning.main, 0.4);
    case 'green':
      return dark ? lighten(success.light, 0.1) : success.dark;
    case 'blue':
      return dark ? lighten(info.light, 0.15) : info.dark;
    default:
      return text.secondary;
  }
}

/** Quiet background behind something of that tone. */
export function toneTint(theme: Theme, tone: StatusTone): string {
  if (tone === 'grey') return theme.palette.action.hover;
  return alpha(toneColor(theme, tone), 0.08);
}

/** Fill of a segment of the thin bar. */
export function toneFill(theme: Theme, tone: StatusTone): string {
  return tone === 'grey'
    ? theme.palette.action.disabled
    : toneColor(theme, tone);
}

/** Colour of links, the one that Backstage's own links have. */
export function linkColor(theme: Theme): string {
  return theme.palette.primary.main;
}
