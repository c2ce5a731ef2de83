export {
  PUBLIC_GOOD_MIRROR,
  TRUSTED_ROOT_TARGET,
  publicGoodTufRoot,
} from './publicGoodTuf';
export { expiriesOf, type TufExpiry } from './expiries';
export {
  TufRepository,
  type TufRefresh,
  type TufSource,
  type TufState,
} from './TufRepository';
