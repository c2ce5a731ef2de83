import { z } from 'zod/v4';

const containerSchema = z.object({ name: z.string(), image: z.string() });

const statusSchema = z.object({ name: z.string(), imageID: z.string() });

/** What is read of a pod (core/v1). */
export const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    labels: z.record(z.string(), z.string()).nullish(),
    ownerReferences: z
      .array(
        z.object({
          kind: z.string(),
          name: z.string(),
          controller: z.boolean().nullish(),
        }),
      )
      .nullish(),
  }),
  spec: z.object({
    containers: z.array(containerSchema),
    initContainers: z.array(containerSchema).nullish(),
    ephemeralContainers: z.array(containerSchema).nullish(),
  }),
  status: z.object({
    phase: z.string().nullish(),
    containerStatuses: z.array(statusSchema).nullish(),
    initContainerStatuses: z.array(statusSchema).nullish(),
    ephemeralContainerStatuses: z.array(statusSchema).nullish(),
  }),
});

export type Pod = z.infer<typeof podSchema>;

/** One page of `GET /api/v1/pods`. */
export const podListSchema = z.object({
  kind: z.literal('PodList'),
  metadata: z.object({ continue: z.string().nullish() }),
  items: z.array(podSchema),
});
