export { RekorClient } from './RekorClient';
export type { RekorClientOptions, RekorRequest } from './RekorClient';
export type { RekorEntry } from './rekorEntry';
