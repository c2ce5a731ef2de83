import { STATUS_ANNOTATION } from '@cloudythings/backstage-plugin-sigstore-common';
import { JudgeInput } from '@cloudythings/sigstore-engine';
import { parse } from 'yaml';
import * as z from 'zod/v4';
import { UsageError } from '../UsageError';
import { TrustFileAccess, readTrustFile } from './readTrustFiles';

const texts = z.record(z.string(), z.string());

/** An entity as the API of the catalog gives it. */
const entitySchema = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    annotations: texts.optional(),
    labels: texts.optional(),
  }),
  spec: z.record(z.string(), z.json()).optional(),
  relations: z.array(z.object({ type: z.string(), targetRef: z.string() })),
});

/** What the backend leaves out as well, so that policies cannot ask for it. */
const OMITTED = [
  'metadata.uid',
  'metadata.etag',
  `metadata.annotations.${STATUS_ANNOTATION}`,
  'spec.definition',
];

/**
 * Reads what the catalog says of the entity, for policies that select by it.
 * The file in which a team describes its entity is not taken: it lies in the
 * sources, and has neither what the catalog adds nor what it corrects.
 *
 * @throws UsageError
 */
export function readEntityFile(
  path: string,
  access: TrustFileAccess,
): Pick<JudgeInput['entity'], 'ref' | 'document'> {
  const entity = read(path, readTrustFile('--entity', path, access));
  const { kind, metadata } = entity;
  const ref = `${kind}:${metadata.namespace}/${metadata.name}`;
  return {
    ref: ref.toLocaleLowerCase('en-US'),
    document: JSON.parse(JSON.stringify({ ...entity, omitted: OMITTED })),
  };
}

function read(path: string, text: string): z.infer<typeof entitySchema> {
  try {
    return entitySchema.parse(parse(text));
  } catch (error) {
    const [words] =
      error instanceof z.ZodError
        ? error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
        : [(error as Error).message.split('\n')[0]];
    throw new UsageError(
      `--entity ${path} is not an entity as the catalog gives it (${words}). Save what the catalog answers under /api/catalog/entities/by-name/KIND/NAMESPACE/NAME.`,
    );
  }
}
