export { judge, type JudgeInput, type Verdict } from './judge';
export {
  TrustPolicyError,
  loadTrustPolicies,
  type PolicyFile,
} from './loadTrustPolicies';
