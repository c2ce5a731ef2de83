import { ReactNode } from 'react';
import { KeyValue, KeyValueItem } from './KeyValue';
import { Tile } from './Panel';
import { Text } from './Text';

/**
 * A few facts under a short title, or the one sentence that says why there are
 * none.
 */
export function FactTile(props: {
  title: string;
  items?: KeyValueItem[];
  none?: string;
  children?: ReactNode;
}) {
  const { title, items = [], none, children } = props;
  return (
    <Tile as="section" aria-label={title}>
      <Text
        as="h3"
        size="small"
        strong
        tone="quiet"
        style={{ marginBottom: 8, letterSpacing: '0.04em' }}
      >
        {title}
      </Text>
      {items.length > 0 ? <KeyValue stacked items={items} /> : null}
      {items.length === 0 && none ? (
        <Text as="p" tone="quiet">
          {none}
        </Text>
      ) : null}
      {children}
    </Tile>
  );
}
