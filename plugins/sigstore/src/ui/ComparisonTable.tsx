import { styled } from '@mui/material/styles';
import { Difference } from './Difference';
import { Text } from './Text';
import { toneTint } from './tones';

const Table = styled('table')(({ theme }) => ({
  width: '100%',
  borderCollapse: 'collapse',
  tableLayout: 'fixed',
  '& th, & td': {
    textAlign: 'left',
    verticalAlign: 'top',
    fontWeight: 400,
    padding: theme.spacing(0.75, 1.5),
  },
  '& thead th:first-of-type': { width: 130 },
  '& tbody tr': {
    backgroundColor: toneTint(theme, 'red'),
    borderTop: `1px solid ${theme.palette.divider}`,
  },
  [theme.breakpoints.down('sm')]: {
    display: 'block',
    '& thead': { display: 'none' },
    '& tbody, & tr': { display: 'block' },
    '& tbody th, & td': { display: 'block', padding: theme.spacing(0.5, 1.5) },
    '& td::before': {
      content: 'attr(data-label)',
      display: 'block',
      color: theme.palette.text.secondary,
      fontSize: '0.75rem',
    },
  },
}));

type Comparison = { aspect: string; found: string; expected: string };

/** What was found beside what was expected, with the difference marked. */
export function ComparisonTable(props: {
  comparisons: Comparison[];
  labels: { aspect: string; found: string; expected: string };
}) {
  const { comparisons, labels } = props;
  return (
    <Table role="table">
      <thead>
        <tr role="row">
          {[labels.aspect, labels.found, labels.expected].map(label => (
            <th key={label} scope="col" role="columnheader">
              <Text tone="quiet" size="small">
                {label}
              </Text>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {comparisons.map(({ aspect, found, expected }, index) => (
          <tr key={index} role="row">
            <th scope="row" role="rowheader">
              <Text>{aspect}</Text>
            </th>
            <td role="cell" data-label={labels.found}>
              <Difference text={found} other={expected} mono />
            </td>
            <td role="cell" data-label={labels.expected}>
              <Difference text={expected} other={found} mono />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
