import { ServiceUnavailableError } from '@backstage/errors';
import {
  endpoints,
  sigstorePolicyPreviewPermission,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Response } from 'express';
import { Knex } from 'knex';
import { previewPolicies } from '../preview/previewPolicies';
import { declaringEntityRefs } from '../store/progress';
import { TrustInForce } from '../trust/TrustKeeper';
import { EndpointRegistrar } from './endpoint';

/** Longest that a preview may take; over 30,000 artifacts it takes seconds. */
const PREVIEW_MS = 60_000;
/** Judging takes a processor, and pages are waiting for it, too. */
const MAX_AT_ONCE = 2;

/** What the endpoints about policies need. */
export type PolicyEndpointPorts = {
  knex: Knex;
  /** Policies and trusted roots in force; nothing while this replica lacks them. */
  inForce: () => Promise<TrustInForce | undefined>;
  now: () => Date;
};

/** Adds the endpoints about policies. */
export function addPolicyEndpoints(
  registrar: EndpointRegistrar,
  { knex, inForce, now }: PolicyEndpointPorts,
): void {
  let running = 0;

  registrar.add(
    endpoints.policyPreview,
    { permission: sigstorePolicyPreviewPermission },
    async ({ body, visibility, response }) => {
      const trust = await inForce();
      if (!trust) {
        throw new ServiceUnavailableError(
          'This replica has not loaded the policies in force yet; try again in half a minute',
        );
      }
      if (running >= MAX_AT_ONCE) {
        throw new ServiceUnavailableError(
          'Other previews are being made; try again when they are done',
        );
      }
      running += 1;
      const end = endOf(response);
      try {
        const visible = visibility.seesAll
          ? undefined
          : await visibility.filter(await declaringEntityRefs(knex));
        return await previewPolicies(
          { knex, trust: trust.set, now: now(), signal: end.signal },
          body.files,
          visible,
        );
      } finally {
        end.stop();
        running -= 1;
      }
    },
  );
}

/** Ends with the connection of who asked, or when it takes too long. */
function endOf(response: Response): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const abort = (words: string) =>
    controller.abort(new ServiceUnavailableError(words));
  const timer = setTimeout(
    () => abort('The preview took too long; try fewer policies at a time'),
    PREVIEW_MS,
  );
  const left = () => abort('Nobody waits for the preview any more');
  response.once('close', left);
  return {
    signal: controller.signal,
    stop() {
      clearTimeout(timer);
      response.off('close', left);
    },
  };
}
