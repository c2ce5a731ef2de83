export { VerificationPool } from './VerificationPool';
