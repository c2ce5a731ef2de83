import { Text } from './Text';
import { visibleText } from './visibleText';

/** Text that came out of evidence: shown as text, kept apart from ours. */
export function EvidenceText(props: {
  children: string;
  mono?: boolean;
  strong?: boolean;
}) {
  return (
    <Text as="bdi" mono={props.mono} strong={props.strong}>
      {visibleText(props.children)}
    </Text>
  );
}
