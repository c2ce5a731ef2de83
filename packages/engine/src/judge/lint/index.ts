export { lintPolicies } from './lintPolicies';
export { type PolicyWarning } from './Linter';
export { POLICY_WARNINGS, type PolicyWarningCode } from './warningCodes';
