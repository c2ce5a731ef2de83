import {
  createExtensionTester,
  renderTestApp,
} from '@backstage/frontend-test-utils';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { mockApis } from '@backstage/test-utils';
import { screen } from '@testing-library/react';
import { FixtureApi } from '../dev/fixtures/FixtureApi';
import { fixtureEntity } from './__testUtils__/renderOnEntity';
import { sigstoreApiRef } from './api/sigstoreApi';
import sigstorePlugin from './index';
import alphaPlugin from './alpha';

const card = sigstorePlugin.getExtension('entity-card:sigstore/signatures');
const tab = sigstorePlugin.getExtension('entity-content:sigstore/provenance');

function renderOnPage(name: string, extension: typeof card | typeof tab) {
  return renderTestApp({
    apis: [
      [sigstoreApiRef, new FixtureApi()],
      [permissionApiRef, mockApis.permission()],
    ],
    extensions: [
      createTestEntityPage({ entity: fixtureEntity(name) }),
      extension,
    ],
  });
}

describe('the plugin in an app on the new frontend system', () => {
  it('puts its card on the overview', async () => {
    renderOnPage('payments', card);

    expect(
      await screen.findByText('All 2 signed by the expected signer'),
    ).toBeInTheDocument();
  });

  it('adds the provenance tab', async () => {
    renderOnPage('payments', tab);

    expect(
      await screen.findByText(/^Built from/, { selector: 'p' }),
    ).toBeInTheDocument();
  });

  it.each([
    [
      'the card',
      createExtensionTester(card).get(
        EntityCardBlueprint.dataRefs.filterFunction,
      ),
    ],
    [
      'the tab',
      createExtensionTester(tab).get(
        EntityContentBlueprint.dataRefs.filterFunction,
      ),
    ],
  ])('offers %s for components and resources only', (_what, isFor) => {
    const entity = fixtureEntity('payments');

    expect(isFor!(entity)).toBe(true);
    expect(isFor!({ ...entity, kind: 'Resource' })).toBe(true);
    expect(isFor!({ ...entity, kind: 'User' })).toBe(false);
  });

  it('is the same under ./alpha', () => {
    expect(alphaPlugin).toBe(sigstorePlugin);
  });
});
