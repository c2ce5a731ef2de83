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
import { screen } from '@testing-library/react';
import { ReactElement } from 'react';
import { Route, Routes } from 'react-router-dom';
import { FixtureApi } from '../dev/fixtures/FixtureApi';
import { fixtureEntity } from './__testUtils__/renderOnEntity';
import {
  EntityProvenanceContent,
  EntitySignatureCard,
  isSignatureStatusAvailable,
  sigstoreApiRef,
} from './legacy';

function render(element: ReactElement) {
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [sigstoreApiRef, new FixtureApi()],
        [permissionApiRef, mockApis.permission()],
      ]}
    >
      <EntityProvider entity={fixtureEntity('payments')}>
        {element}
      </EntityProvider>
    </TestApiProvider>,
    { mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef } },
  );
}

describe('the plugin in an app on the old frontend system', () => {
  it('shows the card, also where the tab is not mounted', async () => {
    await render(<EntitySignatureCard />);

    expect(
      await screen.findByText('All 2 signed by the expected signer'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: /^Evidence/ })).toBeNull();
  });

  it('shows the tab', async () => {
    await render(
      <Routes>
        <Route path="/" element={<EntityProvenanceContent />} />
      </Routes>,
    );

    expect(
      await screen.findByText(/^Built from/, { selector: 'p' }),
    ).toBeInTheDocument();
  });

  it('says which kinds it is for', () => {
    const entity = fixtureEntity('payments');
    expect(isSignatureStatusAvailable(entity)).toBe(true);
    expect(isSignatureStatusAvailable({ ...entity, kind: 'Resource' })).toBe(
      true,
    );
    expect(isSignatureStatusAvailable({ ...entity, kind: 'User' })).toBe(false);
  });
});
