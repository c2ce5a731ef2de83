import {
  ARTIFACT_STATUSES,
  describeStatus,
  EnforcementMode,
  StatusCounts,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { styled } from '@mui/material/styles';
import { toneFill } from './tones';
import { ownProps } from './ownProps';

const Track = styled('div')(({ theme }) => ({
  display: 'flex',
  gap: 2,
  height: 6,
  borderRadius: 3,
  overflow: 'hidden',
  backgroundColor: theme.palette.background.paper,
}));

const Segment = styled(
  'div',
  ownProps('weight'),
)<{ weight: number }>(({ weight }) => ({ flex: weight, display: 'flex' }));

const Fill = styled('div')({ flex: 1 });

/**
 * A thin bar with one segment per status, worst first.
 *
 * @param props - `label` says the same in words
 */
export function StatusBar(props: {
  counts: StatusCounts;
  mode?: EnforcementMode;
  label: string;
}) {
  const { counts, mode, label } = props;
  const present = ARTIFACT_STATUSES.filter(status => counts[status]);
  return (
    <Track role="img" aria-label={label}>
      {present.map(status => (
        <Segment key={status} weight={counts[status]!}>
          <Fill
            sx={{
              backgroundColor: theme =>
                toneFill(theme, describeStatus(status, mode).tone),
            }}
          />
        </Segment>
      ))}
    </Track>
  );
}
