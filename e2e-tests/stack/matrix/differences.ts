import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { Case } from './cases.ts';

/** A reviewed difference between cosign's answer and ours. */
export interface Difference {
  way: string;
  asks: string;
  cosign: 'accepts' | 'refuses';
  status: string;
  reason: string;
}

/** The reviewed list, `differences.yaml`. */
export const differences: Difference[] = parse(
  readFileSync(path.join(import.meta.dirname, 'differences.yaml'), 'utf8'),
);

/** The difference that is listed for a case, if one is. */
export function differenceOf({ way, asks }: Case): Difference | undefined {
  return differences.find(one => one.way === way.name && one.asks === asks);
}
