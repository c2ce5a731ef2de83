import { useCallback, useEffect, useRef, useState } from 'react';
import { Trouble, troubleOf } from './trouble';

/** Something that is read from the backend, and read again when asked to. */
export type Read<T> = {
  value?: T;
  /** Why the last reading failed; `value` is then what was read before. */
  trouble?: Trouble;
  loading: boolean;
  reload(): void;
};

type State<T> = { key: string; value?: T; trouble?: Trouble; done: boolean };

/**
 * Reads from the backend and keeps showing what it read until there is
 * something newer, so that nothing jumps.
 *
 * @param key - names what is read; another key starts afresh
 * @param read - reads it
 * @param pauseBefore - how long to wait before reading again by itself;
 * undefined when there is nothing to wait for. Called once per answer.
 */
export function useRead<T>(
  key: string,
  read: (signal: AbortSignal) => Promise<T>,
  pauseBefore?: (value: T, attempt: number) => number | undefined,
): Read<T> {
  const [state, setState] = useState<State<T>>({ key, done: false });
  const [round, setRound] = useState({ key, number: 0, attempt: 0 });
  const latest = useRef({ read, pauseBefore });
  latest.current = { read, pauseBefore };

  const attempt = round.key === key ? round.attempt : 0;
  useEffect(() => {
    const controller = new AbortController();
    let stopWaiting = () => {};
    const again = () =>
      setRound(last => ({
        key,
        number: last.number + 1,
        attempt: last.key === key ? last.attempt + 1 : 0,
      }));
    latest.current.read(controller.signal).then(
      value => {
        if (controller.signal.aborted) return;
        setState({ key, value, done: true });
        const pause = latest.current.pauseBefore?.(value, attempt);
        if (pause !== undefined) stopWaiting = waitVisible(pause, again);
      },
      error => {
        if (controller.signal.aborted) return;
        setState(last => ({
          key,
          value: last.key === key ? last.value : undefined,
          trouble: troubleOf(error),
          done: true,
        }));
      },
    );
    return () => {
      controller.abort();
      stopWaiting();
    };
  }, [key, round.number, attempt]);

  const reload = useCallback(
    () => setRound(last => ({ key, number: last.number + 1, attempt: 0 })),
    [key],
  );

  if (state.key !== key) return { loading: true, reload };
  return {
    value: state.value,
    trouble: state.trouble,
    loading: !state.done,
    reload,
  };
}

/** Waits, and then until somebody looks: a hidden page asks for nothing. */
function waitVisible(pause: number, then: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === 'hidden') return;
    document.removeEventListener('visibilitychange', onVisible);
    then();
  };
  const timer = setTimeout(() => {
    document.addEventListener('visibilitychange', onVisible);
    onVisible();
  }, pause);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
