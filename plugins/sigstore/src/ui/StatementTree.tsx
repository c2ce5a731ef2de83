import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { styled } from '@mui/material/styles';
import { sigstoreTranslationRef } from '../translation';
import { useDisclosure } from './Disclosure';
import { EvidenceText } from './EvidenceText';
import { isSafeLink, SafeLink } from './SafeLink';
import { Text } from './Text';
import { TextButton } from './TextButton';

const MAX_CHILDREN = 200;
const MAX_TEXT = 2000;
const OPEN_DEPTH = 2;

const List = styled('ul')(({ theme }) => ({
  listStyle: 'none',
  margin: 0,
  padding: 0,
  '& &': {
    paddingLeft: theme.spacing(2),
    borderLeft: `1px solid ${theme.palette.divider}`,
  },
}));

/**
 * A signed statement as a tree of names and texts. Everything in it was
 * written by whoever signed: shown as text, links only `https:`. What is deeper
 * is built only when it is opened, so that no depth can hurt.
 */
export function StatementTree(props: { value: unknown }) {
  return (
    <List>
      <Children value={props.value} depth={0} />
    </List>
  );
}

function Children(props: { value: unknown; depth: number }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const entries = entriesOf(props.value);
  return (
    <>
      {entries.slice(0, MAX_CHILDREN).map(([name, value]) => (
        <Node key={name} name={name} value={value} depth={props.depth} />
      ))}
      {entries.length > MAX_CHILDREN ? (
        <li>
          <Text tone="quiet">
            {t('ui.more', { number: String(entries.length - MAX_CHILDREN) })}
          </Text>
        </li>
      ) : null}
    </>
  );
}

function Node(props: { name: string; value: unknown; depth: number }) {
  const { name, value, depth } = props;
  if (isBranch(value)) {
    return <Branch name={name} value={value} depth={depth} />;
  }
  return (
    <li>
      <Text tone="quiet" size="small">
        <EvidenceText>{name}</EvidenceText>{' '}
      </Text>
      <Leaf value={value} />
    </li>
  );
}

function Branch(props: { name: string; value: object; depth: number }) {
  const { name, value, depth } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { open, trigger, region } = useDisclosure(depth < OPEN_DEPTH);
  const count = entriesOf(value).length;
  const size = (
    <Text tone="quiet" size="small">
      {t('ui.entries', { count })}
    </Text>
  );
  if (count === 0) {
    return (
      <li>
        <EvidenceText>{name}</EvidenceText> {size}
      </li>
    );
  }
  return (
    <li>
      <TextButton {...trigger}>
        <span aria-hidden>{open ? '▾' : '▸'}&nbsp;</span>
        <EvidenceText>{name}</EvidenceText>
      </TextButton>{' '}
      {size}
      {open ? (
        <List {...region}>
          <Children value={value} depth={depth + 1} />
        </List>
      ) : null}
    </li>
  );
}

function Leaf(props: { value: unknown }) {
  const text = leafText(props.value);
  if (isSafeLink(text)) return <SafeLink to={text} />;
  return <EvidenceText mono>{text}</EvidenceText>;
}

function leafText(value: unknown): string {
  const text = typeof value === 'string' ? value : String(value);
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function entriesOf(value: unknown): [string, unknown][] {
  return isBranch(value) ? Object.entries(value) : [['', value]];
}
