export { canonicalGlob } from './canonicalGlob';
export { NO_HISTORY, type JudgeHistory } from './history';
export type { Relatives } from './evidenceAtHand';
export { judge, type JudgeInput, type Verdict } from './judge';
export {
  POLICY_WARNINGS,
  type PolicyWarning,
  type PolicyWarningCode,
} from './lint';
export { loadTrustPolicies, type LoadedPolicies } from './loadTrustPolicies';
export { type PolicyFile } from './policyDocuments';
export { keysOf } from './policyKeys';
export { fillTemplate, matchesGlob, type TemplateValues } from './patterns';
export { TrustPolicyError, type PolicyMistake } from './TrustPolicyError';
