import {
  Distrust,
  TrustPolicy,
  durationMs,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { canonicalJson } from '../store/identifiers';

/** In which ways a policy asks for less than it did, in words. */
export function weakerPolicy(
  name: string,
  { spec: old }: TrustPolicy,
  { spec: now }: TrustPolicy,
): string[] {
  const says = (condition: boolean, words: string) =>
    condition ? [`policy ${name} ${words}`] : [];
  const until = now.exception?.until;
  return [
    ...says(
      old.mode === 'enforce' && now.mode === 'warn',
      'warns where it enforced',
    ),
    ...says(
      until !== undefined && !(old.exception && old.exception.until >= until),
      `makes an exception until ${until}`,
    ),
    ...says(
      missing(old.artifacts, now.artifacts),
      'covers other artifacts than before',
    ),
    ...says(
      missing(now.authorities, old.authorities),
      'accepts an authority that it did not before',
    ),
    ...says(
      old.evidence !== undefined &&
        (!now.evidence || missing(now.evidence, old.evidence)),
      'accepts evidence from places that it did not before',
    ),
    ...says(ageOf(now) > ageOf(old), 'accepts older results than before'),
    ...says(
      now.repositoryFrom === 'source-location' &&
        old.repositoryFrom !== 'source-location',
      'lets entities choose their repository',
    ),
  ];
}

/** Whether something that was distrusted no longer is, in words. */
export function weakerDistrust(
  name: string,
  { spec: old }: Distrust,
  { spec: now }: Distrust,
): string[] {
  const narrower =
    missing(old.distrusted, now.distrusted) ||
    time(now.signedAfter, -Infinity) > time(old.signedAfter, -Infinity) ||
    time(now.signedBefore, Infinity) < time(old.signedBefore, Infinity);
  return narrower ? [`distrust ${name} no longer covers all that it did`] : [];
}

/** Which thresholds of a trusted root are lower than they were, in words. */
export function lowered(
  name: string,
  old: Record<string, number>,
  now: Record<string, number>,
): string[] {
  return Object.entries(old)
    .filter(([threshold, value]) => (now[threshold] ?? 0) < value)
    .map(
      ([threshold, value]) =>
        `trusted root ${name} asks for ${threshold} ${
          now[threshold] ?? 0
        } instead of ${value}`,
    );
}

function ageOf({ maxAge }: TrustPolicy['spec']): number {
  return (maxAge && durationMs(maxAge)) || Infinity;
}

function time(instant: string | undefined, otherwise: number): number {
  return instant === undefined ? otherwise : Date.parse(instant);
}

/** Whether something of the first list is not in the second. */
function missing(of: unknown[], from: unknown[]): boolean {
  const there = new Set(from.map(canonicalJson));
  return of.some(item => !there.has(canonicalJson(item)));
}
