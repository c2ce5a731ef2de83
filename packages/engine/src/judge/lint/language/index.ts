export { Languages, StepsUsedUp, UNDECIDED, type Language } from './Languages';
export { parseExpression } from './parseExpression';
