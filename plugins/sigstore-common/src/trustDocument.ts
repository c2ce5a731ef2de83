import { z } from 'zod/v4';
import { distrustSchema } from './distrust';
import { trustPolicySchema } from './trustPolicy';

/**
 * Any document of a policy file, told apart by its `kind`.
 *
 * @public
 */
export const trustDocumentSchema = z.discriminatedUnion('kind', [
  trustPolicySchema,
  distrustSchema,
]);

/** @public */
export type TrustDocument = z.infer<typeof trustDocumentSchema>;
