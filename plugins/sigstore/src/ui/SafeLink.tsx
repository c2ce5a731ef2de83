import { Link } from '@backstage/core-components';
import { ReactNode } from 'react';
import { EvidenceText } from './EvidenceText';

/**
 * Tells whether a text is an address that may become a link: `https:` only,
 * and nothing that hides where it leads.
 */
export function isSafeLink(text: string): boolean {
  if (!/^https:\/\/[\x21-\x7e]+$/i.test(text)) return false;
  try {
    const url = new URL(text);
    return url.protocol === 'https:' && !url.username && !url.password;
  } catch {
    return false;
  }
}

/** A link out of evidence where it is safe, else the same as text. */
export function SafeLink(props: { to: string; children?: ReactNode }) {
  const { to, children } = props;
  if (!isSafeLink(to)) return <EvidenceText>{to}</EvidenceText>;
  return (
    <Link to={to} title={to} style={{ overflowWrap: 'anywhere' }}>
      {children ?? to}
    </Link>
  );
}
