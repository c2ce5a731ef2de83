import { SAME_REPOSITORY_POLICY } from '@cloudythings/backstage-plugin-sigstore-common';
import { Translate } from './translate';

/** Name of a rule; the one that applies without configuration is marked. */
export function policyName(name: string, t: Translate): string {
  return name === SAME_REPOSITORY_POLICY
    ? `${name} (${t('words.builtIn')})`
    : name;
}
