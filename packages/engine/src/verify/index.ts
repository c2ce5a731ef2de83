export { type VerifyOptions } from './artifact';
export { ENGINE_REVISION } from './engineRevision';
export { describeEvidence, type Evidence } from './evidence';
export { offeredThresholds } from './offeredThresholds';
export { publicGoodTrustedRoot } from './publicGood';
export {
  TrustedRootError,
  loadTrustedRoot,
  type Thresholds,
  type TrustedRootInput,
  type VerificationProfile,
} from './trustedRoot';
export { verifyEvidence } from './verifyEvidence';
export { VerificationPool, wasCutShort } from './pool';
