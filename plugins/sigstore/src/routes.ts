import {
  createExternalRouteRef,
  createRouteRef,
} from '@backstage/core-plugin-api';

/** The provenance tab of an entity. */
export const provenanceRouteRef = createRouteRef({
  id: 'sigstore:provenance',
});

/**
 * How the card finds the tab. Leads nowhere in an app that shows the card
 * only; the card then leaves its links out.
 */
export const evidenceRouteRef = createExternalRouteRef({
  id: 'sigstore:evidence',
  optional: true,
  defaultTarget: 'sigstore.provenance',
});
