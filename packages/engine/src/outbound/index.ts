export type { HashedBytes, ResponseHeaders } from './cappedBody';
export type { HostRule } from './HostTable';
export { OutboundClient } from './OutboundClient';
export type { OutboundOptions, OutboundResponse } from './OutboundClient';
export { OutboundError } from './OutboundError';
export type { OutboundFailure } from './OutboundError';
