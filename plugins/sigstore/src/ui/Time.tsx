import { sameDay, utcText } from './instants';

/**
 * A moment in the reader's own time zone, with UTC on hover.
 *
 * @param props - `short` leaves out what is obvious: the date today, the year
 * this year
 */
export function Time(props: { at: string; short?: boolean }) {
  const date = new Date(props.at);
  return (
    <time dateTime={props.at} title={utcText(props.at)}>
      {props.short ? shortText(date) : fullText(date)}
    </time>
  );
}

function shortText(date: Date): string {
  const now = new Date();
  return new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    ...(sameDay(date, now) ? {} : { day: 'numeric', month: 'short' }),
    ...(date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
  }).format(date);
}

function fullText(date: Date): string {
  return new Intl.DateTimeFormat(undefined, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(date);
}
