import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { sigstoreTranslationRef } from '../translation';
import { dayText } from '../ui/instants';
import { KeyValue } from '../ui/KeyValue';
import { Prose } from '../ui/Text';
import { Exception } from './exception';
import { policyName } from './policyName';

const ENTITY_REF = /^[a-z]+:(?:[\w-]+\/)?[\w.-]+$/i;

/** Until when an exception applies, who answers for it, and why. */
export function ExceptionFacts(props: { exception: Exception }) {
  const { until, owner, reason, policy } = props.exception;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <KeyValue
      items={[
        { name: t('words.exception.until'), value: dayText(until) },
        {
          name: t('words.exception.owner'),
          value: ENTITY_REF.test(owner) ? (
            <Prose>
              <EntityRefLink entityRef={owner} />
            </Prose>
          ) : (
            owner
          ),
        },
        { name: t('words.exception.reason'), value: reason },
        { name: t('words.exception.rule'), value: policyName(policy, t) },
      ]}
    />
  );
}
