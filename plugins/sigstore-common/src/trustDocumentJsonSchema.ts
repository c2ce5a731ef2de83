import { z } from 'zod/v4';
import { trustDocumentSchema } from './trustDocument';

/**
 * The form of policy documents as a JSON Schema (draft 2020-12), for editors
 * and for checks that do not run this project. What depends on the
 * configuration, such as names of trusted roots, is checked on loading only.
 */
export function trustDocumentJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(trustDocumentSchema, {
    io: 'input',
    target: 'draft-2020-12',
  });
  return {
    $schema,
    title: 'Trust policy',
    description:
      'A document of a policy file: who may sign (TrustPolicy), or whom nobody believes any more (Distrust).',
    ...schema,
  };
}
