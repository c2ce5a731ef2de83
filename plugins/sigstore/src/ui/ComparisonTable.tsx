import { styled } from '@mui/material/styles';
import { Difference } from './Difference';
import { ownProps } from './ownProps';
import { Text } from './Text';
import { toneTint } from './tones';

// Elements with the roles of a table: where it is narrow they are laid out
// below each other, and elements of a table would then stop being one.
const Row = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: '130px minmax(0, 1fr) minmax(0, 1fr)',
  '& > *': { padding: theme.spacing(0.75, 1.5) },
  [theme.breakpoints.down('sm')]: {
    gridTemplateColumns: 'minmax(0, 1fr)',
    '& > *': { padding: theme.spacing(0.5, 1.5) },
  },
}));

const Head = styled(Row)(({ theme }) => ({
  [theme.breakpoints.down('sm')]: { display: 'none' },
}));

const Compared = styled(
  Row,
  ownProps('differs'),
)<{ differs: boolean }>(({ theme, differs }) => ({
  backgroundColor: differs ? toneTint(theme, 'red') : undefined,
  borderTop: `1px solid ${theme.palette.divider}`,
}));

const Cell = styled('div')(({ theme }) => ({
  [theme.breakpoints.down('sm')]: {
    '&::before': {
      content: 'attr(data-label)',
      display: 'block',
      color: theme.palette.text.secondary,
      fontSize: '0.75rem',
    },
  },
}));

type Comparison = {
  aspect: string;
  found: string;
  expected: string;
  /** Stands under what was expected. */
  note?: string;
};

/** What was found beside what was expected, with the difference marked. */
export function ComparisonTable(props: {
  comparisons: Comparison[];
  labels: Comparison;
}) {
  const { comparisons, labels } = props;
  return (
    <div role="table">
      <Head role="row">
        {[labels.aspect, labels.found, labels.expected].map(label => (
          <Text key={label} role="columnheader" tone="quiet" size="small">
            {label}
          </Text>
        ))}
      </Head>
      {comparisons.map(({ aspect, found, expected, note }, index) => (
        <Compared key={index} role="row" differs={found !== expected}>
          <Text role="rowheader">{aspect}</Text>
          <Cell role="cell" data-label={labels.found}>
            <Difference text={found} other={expected} mono />
          </Cell>
          <Cell role="cell" data-label={labels.expected}>
            <Difference text={expected} other={found} mono />
            {note ? (
              <Text as="div" tone="quiet" size="small">
                {note}
              </Text>
            ) : null}
          </Cell>
        </Compared>
      ))}
    </div>
  );
}
