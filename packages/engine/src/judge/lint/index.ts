export { lintPolicies, type PolicyWarning } from './lintPolicies';
