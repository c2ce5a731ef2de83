import { ReactNode, useId } from 'react';
import Paper from '@mui/material/Paper';
import { styled } from '@mui/material/styles';
import { Inline } from './Layout';
import { Text } from './Text';
import { ownProps } from './ownProps';

const Frame = styled(Paper)<{ component?: string }>(({ theme }) => ({
  overflow: 'hidden',
  // The corners of the cards around it, where the app has the newer ones.
  borderRadius: `var(--bui-radius-3, ${theme.shape.borderRadius}px)`,
  boxShadow: 'none',
  border: `1px solid ${theme.palette.divider}`,
  fontFamily: theme.typography.fontFamily,
  fontSize: '0.875rem',
  fontWeight: 400,
  lineHeight: 1.5,
  color: theme.palette.text.primary,
  textAlign: 'left',
}));

const Lead = styled('div')(({ theme }) => ({ marginTop: theme.spacing(1) }));

/** One part of a panel, set off from the one above by a line. */
export const PanelSection = styled(
  'div',
  ownProps('footer'),
)<{ footer?: boolean }>(({ theme, footer }) => ({
  padding: theme.spacing(footer ? 1.25 : 1.75, 3),
  backgroundColor: footer ? theme.palette.action.hover : undefined,
  '& + &, &[data-ruled]': { borderTop: `1px solid ${theme.palette.divider}` },
  [theme.breakpoints.down('sm')]: {
    paddingLeft: theme.spacing(2),
    paddingRight: theme.spacing(2),
  },
}));

/**
 * A surface with a heading, what was done when beside it, and parts below.
 *
 * @param props - `lead` stands under the heading in the same part
 */
export function Panel(props: {
  title: ReactNode;
  aside?: ReactNode;
  lead?: ReactNode;
  children?: ReactNode;
  busy?: boolean;
}) {
  const { title, aside, lead, children, busy } = props;
  const id = useId();
  return (
    <Frame component="section" aria-labelledby={id} aria-busy={busy}>
      <PanelSection style={{ paddingTop: 20 }}>
        <Inline spread gap={2}>
          <Text as="h2" id={id} size="title" strong>
            {title}
          </Text>
          {aside}
        </Inline>
        {lead ? <Lead>{lead}</Lead> : null}
      </PanelSection>
      {children}
    </Frame>
  );
}

/** A smaller framed area inside a panel. */
export const Tile = styled('div')(({ theme }) => ({
  border: `1px solid ${theme.palette.divider}`,
  borderRadius: theme.shape.borderRadius,
  padding: theme.spacing(1.5, 2),
  minWidth: 0,
}));

/** The whole of a tab: type and colour of the theme, whatever is around it. */
export const Page = styled('div')(({ theme }) => ({
  fontFamily: theme.typography.fontFamily,
  fontSize: '0.875rem',
  fontWeight: 400,
  lineHeight: 1.5,
  color: theme.palette.text.primary,
}));
