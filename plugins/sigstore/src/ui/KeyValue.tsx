import { ReactNode } from 'react';
import { styled } from '@mui/material/styles';
import { Text } from './Text';
import { ownProps } from './ownProps';

const List = styled(
  'dl',
  ownProps('stacked'),
)<{ stacked?: boolean }>(({ theme, stacked }) => ({
  display: 'grid',
  gridTemplateColumns: stacked
    ? 'minmax(0, 1fr)'
    : 'minmax(72px, max-content) minmax(0, 1fr)',
  columnGap: theme.spacing(2),
  rowGap: theme.spacing(stacked ? 0 : 0.25),
  alignItems: 'baseline',
  margin: 0,
  '& dd': { margin: 0, marginBottom: stacked ? theme.spacing(1) : 0 },
  [theme.breakpoints.down('sm')]: stacked
    ? {}
    : { columnGap: theme.spacing(1.25) },
}));

export type KeyValueItem = { name: ReactNode; value: ReactNode };

/**
 * Names with values.
 *
 * @param props - `stacked` puts each value under its name, for narrow places;
 * items without a value are left out
 */
export function KeyValue(props: { items: KeyValueItem[]; stacked?: boolean }) {
  const items = props.items.filter(
    ({ value }) => value !== undefined && value !== null && value !== '',
  );
  if (items.length === 0) return null;
  return (
    <List stacked={props.stacked}>
      {items.map(({ name, value }, index) => [
        <Text as="dt" tone="quiet" size="small" key={`name ${index}`}>
          {name}
        </Text>,
        <Text as="dd" key={`value ${index}`}>
          {value}
        </Text>,
      ])}
    </List>
  );
}
