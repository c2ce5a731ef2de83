import { ReactNode, useId, useState } from 'react';
import ButtonBase from '@mui/material/ButtonBase';
import ExpandMore from '@mui/icons-material/ExpandMore';
import { styled } from '@mui/material/styles';
import { linkColor } from './tones';
import { Text } from './Text';
import { ownProps } from './ownProps';

/** State and wiring of something that opens in place. */
export function useDisclosure(initiallyOpen = false) {
  const [open, setOpen] = useState(initiallyOpen);
  const id = useId();
  return {
    open,
    trigger: {
      'aria-expanded': open,
      'aria-controls': open ? id : undefined,
      onClick: () => setOpen(value => !value),
    },
    region: { id },
  };
}

const Trigger = styled(ButtonBase)(({ theme }) => ({
  display: 'flex',
  width: '100%',
  justifyContent: 'space-between',
  gap: theme.spacing(2),
  padding: theme.spacing(1.5, 3),
  textAlign: 'left',
  borderTop: `1px solid ${theme.palette.divider}`,
  '&:hover': { backgroundColor: theme.palette.action.hover },
  '&:focus-visible': {
    outline: `2px solid ${linkColor(theme)}`,
    outlineOffset: -2,
  },
  [theme.breakpoints.down('sm')]: { padding: theme.spacing(1.5, 2) },
}));

const Body = styled('div')(({ theme }) => ({
  padding: theme.spacing(0.5, 3, 2.5),
  [theme.breakpoints.down('sm')]: { padding: theme.spacing(0.5, 2, 2.5) },
}));

const Arrow = styled(
  ExpandMore,
  ownProps('open'),
)<{ open: boolean }>(({ theme, open }) => ({
  color: theme.palette.text.secondary,
  flex: 'none',
  fontSize: '1.25rem',
  transform: open ? 'rotate(180deg)' : 'none',
}));

/** A part of a panel under a heading that opens and closes it. */
export function Disclosure(props: {
  title: ReactNode;
  note?: ReactNode;
  initiallyOpen?: boolean;
  children: ReactNode;
}) {
  const { title, note, initiallyOpen, children } = props;
  const { open, trigger, region } = useDisclosure(initiallyOpen);
  return (
    <div>
      <Text as="h3" style={{ display: 'block' }}>
        <Trigger disableRipple {...trigger}>
          <span>
            <Text>{title}</Text>
            {note ? <Text tone="quiet"> · {note}</Text> : null}
          </span>
          <Arrow open={open} />
        </Trigger>
      </Text>
      {open ? <Body {...region}>{children}</Body> : null}
    </div>
  );
}
