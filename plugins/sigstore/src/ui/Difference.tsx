import { styled } from '@mui/material/styles';
import { cutAtDifference } from './difference';
import { toneColor } from './tones';
import { Text } from './Text';
import { visibleText } from './visibleText';

const Mark = styled('mark')(({ theme }) => ({
  background: 'none',
  color: 'inherit',
  fontWeight: 700,
  textDecoration: `underline 2px ${toneColor(theme, 'red')}`,
  textUnderlineOffset: 3,
}));

/** A text with what differs from the other one marked. */
export function Difference(props: {
  text: string;
  other: string;
  mono?: boolean;
}) {
  const text = visibleText(props.text);
  const cut = cutAtDifference(text, visibleText(props.other))?.[0];
  return (
    <Text as="bdi" mono={props.mono}>
      {cut ? cut.before : text}
      {cut?.different ? <Mark>{cut.different}</Mark> : null}
      {cut?.after}
    </Text>
  );
}
