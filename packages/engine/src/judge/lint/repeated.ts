import {
  KeylessIdentity,
  TrustPolicy,
  TrustPolicyAuthority,
  requirementOf,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { json as canonicalJson } from '@sigstore/core';
import { canonicalKey } from '../policyKeys';
import { Path, fieldOf } from '../policyIssues';
import { Linter, ReadDocument } from './Linter';
import { isWithin } from './selectors';

/** Entries that change nothing, because another one beside them says as much. */
export function lintRepeated(linter: Linter, read: ReadDocument<TrustPolicy>) {
  const { artifacts, authorities } = read.document.spec;
  const warn = (
    path: Path,
    other: Path,
    code: 'identity-repeated' | 'authority-repeated' | 'artifacts-repeated',
  ) =>
    linter.warn(
      read,
      path,
      code,
      `this changes nothing, because ${fieldOf(other)} (${read.source.place(
        other,
      )}) says all of it and more. Remove it, or narrow the other one if that should not hold.`,
    );
  for (const [index, other] of impliedIn(
    comparable(linter, artifacts),
    (inner, outer) => impliesSelector(linter, inner, outer),
  )) {
    const list = ['spec', 'artifacts'];
    warn([...list, index], [...list, other], 'artifacts-repeated');
  }
  for (const [index, other] of impliedIn(
    comparable(linter, authorities),
    (inner, outer) => impliesAuthority(linter, inner, outer),
  )) {
    const list = ['spec', 'authorities'];
    warn([...list, index], [...list, other], 'authority-repeated');
  }
  authorities.forEach(({ keyless }, authority) => {
    for (const [index, other] of impliedIn(
      comparable(linter, keyless?.identities ?? []),
      (inner, outer) => impliesIdentity(linter, inner, outer),
    )) {
      const list = ['spec', 'authorities', authority, 'keyless', 'identities'];
      warn([...list, index], [...list, other], 'identity-repeated');
    }
  });
}

/** Comparing each with each of more would take too long. */
const MOST_COMPARED = 100;

/** Steps that two identities take, however they are compared. */
const COMPARISON = 2;

/** The entries, unless they are too many to be compared. */
function comparable<T>(linter: Linter, entries: readonly T[]): readonly T[] {
  if (entries.length <= MOST_COMPARED) return entries;
  linter.skipped = true;
  return [];
}

/** Which entries are implied by which; of two alike, the later by the earlier. */
function impliedIn<T>(
  entries: readonly T[],
  implies: (inner: T, outer: T) => boolean,
): [number, number][] {
  return entries.flatMap((inner, index) => {
    const other = entries.findIndex(
      (outer, place) =>
        place !== index &&
        implies(inner, outer) &&
        (place < index || !implies(outer, inner)),
    );
    return other < 0 ? [] : [[index, other] as [number, number]];
  });
}

type Selector = TrustPolicy['spec']['artifacts'][number];

function impliesSelector(linter: Linter, inner: Selector, outer: Selector) {
  return (
    linter.counts() &&
    inner.kind === outer.kind &&
    (outer.entity === undefined || isSame(inner.entity, outer.entity)) &&
    isWithin(linter, inner.reference, outer.reference)
  );
}

function impliesIdentity(
  linter: Linter,
  inner: KeylessIdentity,
  outer: KeylessIdentity,
): boolean {
  linter.languages.take(COMPARISON);
  if (!isSameText(inner.issuer, outer.issuer)) return false;
  if (!isSameText(inner.subject, outer.subject)) return false;
  const [issuer, issuers, subject, subjects] = [
    linter.allowedBy(inner.issuer, inner.issuerRegExp),
    linter.allowedBy(outer.issuer, outer.issuerRegExp),
    linter.allowedBy(inner.subject, inner.subjectRegExp),
    linter.allowedBy(outer.subject, outer.subjectRegExp),
  ];
  return (
    !!issuer &&
    !!issuers &&
    !!subject &&
    !!subjects &&
    linter.languages.within(issuer, issuers) &&
    linter.languages.within(subject, subjects)
  );
}

/** False only where both are exact and differ, which needs no languages. */
function isSameText(inner: string | undefined, outer: string | undefined) {
  return inner === undefined || outer === undefined || inner === outer;
}

function impliesAuthority(
  linter: Linter,
  inner: TrustPolicyAuthority,
  outer: TrustPolicyAuthority,
): boolean {
  return (
    linter.counts() &&
    asksForAsMuch(inner, outer) &&
    startOf(inner) >= startOf(outer) &&
    endOf(inner) <= endOf(outer) &&
    (impliesKeyless(linter, inner, outer) || isSameKey(inner, outer))
  );
}

/** Whether what the one requires is all that the other does. */
function asksForAsMuch(
  inner: TrustPolicyAuthority,
  outer: TrustPolicyAuthority,
): boolean {
  const wanted = requirementOf(outer);
  if (wanted === 'signature') return true;
  const given = requirementOf(inner);
  const types = (inner.attestations ?? []).map(one => one.predicateType);
  return (
    (given === 'both' || given === wanted) &&
    (outer.attestations ?? []).every(one => types.includes(one.predicateType))
  );
}

function startOf({ signedAfter }: TrustPolicyAuthority): number {
  return signedAfter === undefined ? -Infinity : Date.parse(signedAfter);
}

function endOf({ signedBefore }: TrustPolicyAuthority): number {
  return signedBefore === undefined ? Infinity : Date.parse(signedBefore);
}

function impliesKeyless(
  linter: Linter,
  { keyless: inner }: TrustPolicyAuthority,
  { keyless: outer }: TrustPolicyAuthority,
): boolean {
  return (
    !!inner &&
    !!outer &&
    inner.trustedRoot === outer.trustedRoot &&
    Object.entries(outer.extensions ?? {}).every(
      ([name, value]) => inner.extensions?.[name] === value,
    ) &&
    inner.identities.every(one =>
      outer.identities.some(other => impliesIdentity(linter, one, other)),
    )
  );
}

function isSameKey(
  { key: inner }: TrustPolicyAuthority,
  { key: outer }: TrustPolicyAuthority,
): boolean {
  return (
    !!inner &&
    !!outer &&
    inner.trustedRoot === outer.trustedRoot &&
    canonicalKey(inner.data) === canonicalKey(outer.data)
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return (
    one !== undefined &&
    canonicalJson.canonicalize(one) === canonicalJson.canonicalize(other)
  );
}
