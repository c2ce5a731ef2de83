export { NO_HISTORY, type JudgeHistory } from './history';
export { judge, type JudgeInput, type Verdict } from './judge';
export {
  TrustPolicyError,
  loadTrustPolicies,
  type PolicyFile,
} from './loadTrustPolicies';
