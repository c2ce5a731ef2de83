import { InputError } from '@backstage/errors';
import {
  endpoints,
  sigstoreStatusReadPermission,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { readStatusChanges } from '../store/statusChanges';
import { declaringEntityRefs, readProgress } from '../store/progress';
import { EndpointRegistrar } from './endpoint';

/** Adds the endpoints for programs that follow the statuses and the flow. */
export function addFlowEndpoints(
  registrar: EndpointRegistrar,
  knex: Knex,
  now: () => Date,
): void {
  const permission = sigstoreStatusReadPermission;

  // Not narrowed to what a user may see, so for other plugins only.
  registrar.add(
    endpoints.statusChanges,
    { permission, allow: ['service'] },
    async call => {
      const { cursor = '0', limit } = call.query;
      if (!/^\d{1,15}$/.test(cursor)) {
        throw new InputError(`"${cursor}" is not a cursor of this endpoint`);
      }
      const { items, last, more } = await readStatusChanges(
        knex,
        Number(cursor),
        limit,
      );
      return { items, cursor: String(last), more };
    },
  );

  registrar.add(endpoints.flow, { permission }, async ({ visibility }) => {
    if (visibility.seesAll) return readProgress(knex, now());
    const visible = await visibility.filter(await declaringEntityRefs(knex));
    return readProgress(knex, now(), [...visible]);
  });
}
