import { Link } from '@backstage/core-components';
import { ReactNode } from 'react';
import { styled } from '@mui/material/styles';
import { linkColor } from './tones';

const List = styled('ul')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: 'repeat(auto-fill, minmax(min(280px, 100%), 1fr))',
  gap: theme.spacing(1),
  listStyle: 'none',
  margin: 0,
  padding: 2,
  // Many artifacts must not push what was chosen off the page.
  maxHeight: 264,
  overflowY: 'auto',
}));

const Choice = styled(Link)(({ theme }) => ({
  display: 'flex',
  alignItems: 'center',
  gap: theme.spacing(1.25),
  height: '100%',
  boxSizing: 'border-box',
  padding: theme.spacing(1, 1.5),
  borderRadius: theme.shape.borderRadius,
  border: `1px solid ${theme.palette.divider}`,
  color: 'inherit',
  backgroundColor: theme.palette.background.paper,
  textDecoration: 'none',
  '&:hover': { backgroundColor: theme.palette.action.hover },
  '&[aria-current]': {
    borderColor: linkColor(theme),
    boxShadow: `0 0 0 1px ${linkColor(theme)}`,
  },
}));

export type ChoiceItem = {
  id: string;
  to: string;
  current: boolean;
  content: ReactNode;
};

/** Things to choose one of; each has an address of its own. */
export function ChoiceList(props: { label: string; items: ChoiceItem[] }) {
  return (
    <nav aria-label={props.label}>
      <List>
        {props.items.map(({ id, to, current, content }) => (
          <li key={id}>
            <Choice
              to={to}
              underline="none"
              aria-current={current ? 'true' : undefined}
            >
              {content}
            </Choice>
          </li>
        ))}
      </List>
    </nav>
  );
}
