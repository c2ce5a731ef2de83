import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './demo.ts';

test('the tab leads from the sentence to the raw bundle', async ({ demo }) => {
  await demo.openEntity('checkout');
  await demo.card().getByRole('link', { name: 'Evidence' }).last().click();
  const { page } = demo;
  const detail = page.getByRole('region', {
    name: 'acme/checkout-worker:1.4.2',
  });
  await expect(detail).toContainText('Signed by jane@acme.example (Google)');
  await expect(detail).toContainText(/Evidence sound\s*:\s*yes/);
  await expect(detail).toContainText(/Expected signer\s*:\s*no/);
  await expect(detail.getByRole('row', { name: /^issuer/ })).toContainText(
    'https://token.actions.githubusercontent.com',
  );
  await expect(detail).toContainText('log2026-1.rekor.acme.example, #');

  await detail.getByRole('button', { name: /^Evidence/ }).click();
  const downloading = page.waitForEvent('download');
  await detail
    .getByRole('button', { name: 'Download bundle' })
    .or(detail.getByRole('link', { name: 'Download bundle' }))
    .first()
    .click();
  const download = await downloading;
  const bundle = JSON.parse(readFileSync(await download.path(), 'utf8'));
  expect(bundle.mediaType).toMatch(/^application\/vnd\.dev\.sigstore\.bundle/);
  expect(bundle.verificationMaterial).toBeTruthy();
});

test('the tab says where an image was built when its provenance does', async ({
  demo,
}) => {
  await demo.open('/catalog/default/component/payments-api/provenance');
  await expect(
    demo.page.getByText(/^Built from acme\/payments-api at/),
  ).toBeVisible();
});

test('every artifact of a service can be chosen', async ({ demo }) => {
  await demo.open('/catalog/default/component/checkout/provenance');
  await demo.page
    .getByRole('navigation', { name: 'Artifacts' })
    .getByRole('link', { name: /prod\/checkout\/plan\.json/ })
    .click();
  await expect(
    demo.page.getByRole('heading', { level: 2, name: /plan\.json/ }),
  ).toBeVisible();
  await expect(
    demo.page.getByText('rule “production-plans” allows it'),
  ).toBeVisible();
});

test('the tab gives commands for cosign and for ct that ask for the expected signer', async ({
  demo,
}) => {
  await demo.open('/catalog/default/component/checkout/provenance');
  for (const program of ['cosign verify', 'ct verify artifact']) {
    const command = demo.page.locator('pre', { hasText: program }).first();
    await expect(command).toContainText('acme/checkout-worker@sha256:');
    await expect(command).toContainText('--certificate-oidc-issuer');
    await expect(command).toContainText('--trusted-root=');
  }
  await expect(
    demo.page.getByRole('button', { name: 'Copy finding code' }).first(),
  ).toBeVisible();
});

test('the tab can be used without seeing it', async ({ demo }) => {
  await demo.open('/catalog/default/component/checkout/provenance');
  const detail = demo.page.getByRole('region', {
    name: 'acme/checkout-worker:1.4.2',
  });
  await expect(detail).toContainText('Check it yourself');
  const label = await detail.getAttribute('aria-labelledby');
  const { violations } = await new AxeBuilder({ page: demo.page })
    .include(`[aria-labelledby="${label}"]`)
    .analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
