export { ENGINE_REVISION } from './engineRevision';
export { describeEvidence, type Evidence } from './evidence';
export { publicGoodTrustedRoot } from './publicGood';
export {
  TrustedRootError,
  loadTrustedRoot,
  type Thresholds,
  type TrustedRootInput,
  type VerificationProfile,
} from './trustedRoot';
export { verifyEvidence } from './verifyEvidence';
