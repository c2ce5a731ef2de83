import { styled } from '@mui/material/styles';
import { ownProps } from './ownProps';

/** Things below each other. */
export const Stack = styled(
  'div',
  ownProps('gap'),
)<{ gap?: number }>(({ theme, gap = 1 }) => ({
  display: 'flex',
  flexDirection: 'column',
  gap: theme.spacing(gap),
  minWidth: 0,
}));

/** Things beside each other, on one baseline; they wrap where it is narrow. */
export const Inline = styled(
  'div',
  ownProps('gap', 'spread'),
)<{ gap?: number; spread?: boolean }>(({ theme, gap = 1, spread }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'baseline',
  justifyContent: spread ? 'space-between' : 'flex-start',
  columnGap: theme.spacing(gap),
  rowGap: theme.spacing(0.25),
  minWidth: 0,
}));

/**
 * A text that takes the room there is, and something short at its end; below
 * the text where there is too little room for both.
 */
export const WithEnd = styled('div')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'baseline',
  columnGap: theme.spacing(2),
  rowGap: theme.spacing(0.25),
  '& > :first-child': { flex: '1 1 15rem', minWidth: 0 },
}));

/** As many equal columns as fit, each at least this wide. */
export const Columns = styled(
  'div',
  ownProps('minWidth'),
)<{ minWidth?: number }>(({ theme, minWidth = 220 }) => ({
  display: 'grid',
  gridTemplateColumns: `repeat(auto-fit, minmax(min(${minWidth}px, 100%), 1fr))`,
  gap: theme.spacing(1.5),
}));

/** A list without bullets that is still announced as a list. */
export const PlainList = styled('ul')({
  listStyle: 'none',
  margin: 0,
  padding: 0,
  minWidth: 0,
});

/** Read by assistive technology, not seen. */
export const VisuallyHidden = styled('span')({
  position: 'absolute',
  width: 1,
  height: 1,
  margin: -1,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
});
