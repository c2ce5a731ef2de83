import { ReactNode } from 'react';
import { Stack } from './Layout';
import { styled } from '@mui/material/styles';

const Grid = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: 'auto minmax(0, 1fr)',
  columnGap: theme.spacing(2),
  alignItems: 'start',
  [theme.breakpoints.down('sm')]: { columnGap: theme.spacing(1.25) },
}));

/** An icon with everything that belongs to it on a straight edge beside it. */
export function IconRow(props: { icon: ReactNode; children: ReactNode }) {
  return (
    <Grid>
      {props.icon}
      <Stack gap={0.25}>{props.children}</Stack>
    </Grid>
  );
}
