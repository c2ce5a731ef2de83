import { Entity } from '@backstage/catalog-model';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import axe from 'axe-core';
import { ReactElement } from 'react';
import { entities } from '../../dev/fixtures/entities';
import { FixtureApi } from '../../dev/fixtures/FixtureApi';
import { SigstoreApi, sigstoreApiRef } from '../api/sigstoreApi';
import { evidenceRouteRef } from '../routes';

/** Renders something that belongs on the page of an entity of the fixtures. */
export async function renderOnEntity(
  element: ReactElement,
  options: {
    name: string;
    api?: SigstoreApi;
    mayCheck?: boolean;
    address?: string;
  },
) {
  const { name, api = new FixtureApi(), mayCheck = true, address } = options;
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [sigstoreApiRef, api],
        [
          permissionApiRef,
          mockApis.permission({
            authorize: mayCheck ? undefined : () => 'DENY' as const,
          }),
        ],
      ]}
    >
      <EntityProvider entity={fixtureEntity(name)}>{element}</EntityProvider>
    </TestApiProvider>,
    {
      routeEntries: [address ?? '/'],
      mountedRoutes: {
        '/catalog/:namespace/:kind/:name': entityRouteRef,
        '/provenance': evidenceRouteRef,
      },
    },
  );
}

export function fixtureEntity(name: string): Entity {
  const entity = entities.find(({ metadata }) => metadata.name === name);
  if (!entity) throw new Error(`no fixture entity ${name}`);
  return entity;
}

/**
 * What axe has to say about a part of the page. Colours are left out: without
 * layout they cannot be computed.
 */
export async function accessibilityProblems(
  element: Element,
): Promise<string[]> {
  const { violations } = await axe.run(element, {
    rules: { 'color-contrast': { enabled: false } },
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html}`),
  );
}
