export * from './docker';
export type { HashedBytes, ResponseHeaders } from './cappedBody';
export type { OutboundClock } from './clock';
export type {
  Credentials,
  HostBudget,
  HostCredentials,
  HostRule,
} from './HostRule';
export { OutboundClient } from './OutboundClient';
export { OutboundError } from './OutboundError';
export type { OutboundFailure } from './OutboundError';
export type {
  OutboundOptions,
  OutboundPostOptions,
  OutboundResponse,
  RawRequest,
  RawResponse,
} from './requests';
