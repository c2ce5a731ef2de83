import {
  describeStatus,
  EnforcementMode,
  EntityStatus,
} from '@cloudythings/backstage-plugin-sigstore-common';
import ArrowCircleDown from '@mui/icons-material/ArrowCircleDownOutlined';
import CheckCircle from '@mui/icons-material/CheckCircleOutline';
import ErrorOutline from '@mui/icons-material/ErrorOutline';
import EventAvailable from '@mui/icons-material/EventAvailableOutlined';
import Help from '@mui/icons-material/HelpOutline';
import HourglassEmpty from '@mui/icons-material/HourglassEmpty';
import Info from '@mui/icons-material/InfoOutlined';
import LiveHelp from '@mui/icons-material/LiveHelpOutlined';
import NewReleases from '@mui/icons-material/NewReleasesOutlined';
import PersonOff from '@mui/icons-material/PersonOffOutlined';
import RadioButtonUnchecked from '@mui/icons-material/RadioButtonUnchecked';
import RemoveCircle from '@mui/icons-material/RemoveCircleOutline';
import TimerOff from '@mui/icons-material/TimerOffOutlined';
import UpdateDisabled from '@mui/icons-material/UpdateDisabled';
import WarningAmber from '@mui/icons-material/WarningAmberOutlined';
import { styled } from '@mui/material/styles';
import { ReactNode } from 'react';
import { Text } from './Text';
import { toneColor } from './tones';

const ICONS: Record<EntityStatus, typeof ErrorOutline> = {
  'evidence-mismatch': ErrorOutline,
  'unexpected-signer': PersonOff,
  'signature-lost': ArrowCircleDown,
  'outside-validity': TimerOff,
  'unknown-authority': NewReleases,
  'evidence-incomplete': WarningAmber,
  'no-signature': RadioButtonUnchecked,
  'could-not-check': Help,
  'unsupported-format': LiveHelp,
  stale: UpdateDisabled,
  pending: HourglassEmpty,
  'no-policy': Info,
  exempt: EventAvailable,
  'expected-signer': CheckCircle,
  'not-covered': RemoveCircle,
};

const Place = styled('span')({
  display: 'inline-flex',
  flex: 'none',
  fontSize: '1.375rem',
  '& > svg': { fontSize: 'inherit' },
});

type StatusProps = { status: EntityStatus; mode?: EnforcementMode };

/** Icon of a status, one of its own each. Always shown beside its label. */
export function StatusIcon({ status, mode }: StatusProps) {
  const Icon = ICONS[status];
  const { tone } = describeStatus(status, mode);
  return (
    <Place
      aria-hidden
      sx={{ color: theme => toneColor(theme, tone) }}
      data-status={status}
    >
      <Icon />
    </Place>
  );
}

/** Label of a status in its colour, or what says it more exactly. */
export function StatusLabel(props: StatusProps & { children?: ReactNode }) {
  const { status, mode, children } = props;
  const { label, tone, meaning } = describeStatus(status, mode);
  return (
    <Text tone={tone} title={meaning}>
      {children ?? label}
    </Text>
  );
}
