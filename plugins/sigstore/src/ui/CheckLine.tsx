import CheckCircle from '@mui/icons-material/CheckCircleOutline';
import HighlightOff from '@mui/icons-material/HighlightOff';
import RemoveCircle from '@mui/icons-material/RemoveCircleOutline';
import {
  Check,
  StatusTone,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { ReactNode } from 'react';
import { styled } from '@mui/material/styles';
import { ownProps } from './ownProps';
import { Text } from './Text';
import { toneColor } from './tones';

const LOOKS: Record<Check['outcome'], [typeof CheckCircle, StatusTone]> = {
  passed: [CheckCircle, 'green'],
  failed: [HighlightOff, 'red'],
  'not-applicable': [RemoveCircle, 'grey'],
  'not-reached': [RemoveCircle, 'grey'],
};

const Line = styled(
  'li',
  ownProps('tone'),
)<{ tone: StatusTone }>(({ theme, tone }) => ({
  display: 'flex',
  alignItems: 'center',
  gap: theme.spacing(1),
  padding: theme.spacing(0.25, 0),
  '& > svg': {
    fontSize: '1.125rem',
    flex: 'none',
    color: toneColor(theme, tone),
  },
}));

/** One check with its outcome. `note` says the outcome where it is not plain. */
export function CheckLine(props: {
  outcome: Check['outcome'];
  note?: string;
  children: ReactNode;
}) {
  const [Icon, tone] = LOOKS[props.outcome];
  return (
    <Line tone={tone}>
      <Icon aria-hidden />
      <span>
        <Text>{props.children}</Text>
        {props.note ? <Text tone="quiet"> · {props.note}</Text> : null}
      </span>
    </Line>
  );
}
