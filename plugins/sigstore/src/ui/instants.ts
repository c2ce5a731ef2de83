/** Whether two moments are on the same day where the reader is. */
export function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** A moment as `2026-11-20 14:02:11 UTC`. */
export function utcText(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
