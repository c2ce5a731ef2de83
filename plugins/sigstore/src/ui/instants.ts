/** Whether two moments are on the same day where the reader is. */
export function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** A moment as `2026-11-20 14:02:11 UTC`. */
export function utcText(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A day as people write it, such as `31 Jan 2027`; the same one everywhere. */
export function dayText(day: string): string {
  return new Intl.DateTimeFormat(undefined, {
    dateStyle: 'medium',
    timeZone: 'UTC',
  }).format(new Date(day));
}

/** A moment that a rule names: its day where it is the start of one, in UTC. */
export function momentText(at: string): string {
  return /T00:00(:00(\.0+)?)?Z$/.test(at) ? dayText(at) : utcText(at);
}
