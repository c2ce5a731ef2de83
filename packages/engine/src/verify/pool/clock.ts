/** Nanoseconds on the one clock that all threads of a process share. */
export function clock(): bigint {
  return process.hrtime.bigint();
}
