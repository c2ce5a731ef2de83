export { wasCutShort } from './overCap';
export { VerificationPool } from './VerificationPool';
