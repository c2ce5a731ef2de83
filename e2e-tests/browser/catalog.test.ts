import { expect, test } from './demo.ts';

test('a guest signs in and sees the services of Acme', async ({ demo }) => {
  await demo.open('/');
  await expect(
    demo.page.getByRole('link', { name: 'Checkout', exact: true }),
  ).toBeVisible();
});
