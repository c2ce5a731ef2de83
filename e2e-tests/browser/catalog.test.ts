import { expect, test } from './demo.ts';

test('a guest signs in and sees the services of Acme', async ({ demo }) => {
  await demo.open('/');
  await expect(
    demo.page.getByRole('link', { name: 'Checkout', exact: true }),
  ).toBeVisible();
});

test('the catalog can be filtered by signature status', async ({ demo }) => {
  await demo.open('/');
  const identity = await demo.page.request.post('/api/auth/guest/refresh');
  const { backstageIdentity } = await identity.json();
  const withStatus = async (status: string) => {
    const answer = await demo.page.request.get('/api/catalog/entities', {
      params: {
        filter: `kind=component,metadata.annotations.sigstore.dev/signature-status=${status}`,
        fields: 'metadata.name',
      },
      headers: { authorization: `Bearer ${backstageIdentity.token}` },
    });
    const entities: { metadata: { name: string } }[] = await answer.json();
    return entities.map(({ metadata }) => metadata.name).sort();
  };
  // The catalog takes the statuses over in the background.
  await expect
    .poll(() => withStatus('unexpected-signer'), { timeout: 60_000 })
    .toEqual(['checkout', 'checkout-worker', 'notifier']);
  // It wrote itself “expected-signer”, and is not signed.
  await expect
    .poll(() => withStatus('no-signature'), { timeout: 60_000 })
    .toContain('loyalty');
  expect(await withStatus('expected-signer')).not.toContain('loyalty');
});
