export { Languages, UNDECIDED, type Language } from './Languages';
export { parseExpression } from './parseExpression';
