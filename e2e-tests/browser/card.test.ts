import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { parse } from 'yaml';
import { expect, test } from './demo.ts';

type Row = { entity: string; kind: string; reference: string; status: string };

const { artifacts } = parse(
  readFileSync(
    new URL('../../packages/demo-world/expected.yaml', import.meta.url),
    'utf8',
  ),
) as { artifacts: Row[] };

/** What people read for a status, by hand. */
const words: Record<string, string> = {
  'evidence-mismatch': 'Evidence does not match',
  'unexpected-signer': 'Signed by someone else',
  'outside-validity': 'Signed outside the certificate’s validity',
  'no-signature': 'No signature found',
  'could-not-check': 'Could not check',
};

test('the card says what is wrong, who signed, who should have, and what to do', async ({
  demo,
}) => {
  await demo.openEntity('checkout');
  const card = demo.card();
  await expect(card).toContainText(
    'checkout-worker was signed by someone else',
  );
  await expect(card).toContainText(
    '3 artifacts: 1 signed by someone else · 2 as expected',
  );
  await expect(card).toContainText('jane@acme.example (Google)');
  await expect(card).toContainText('release.yml in acme/checkout');

  await card
    .getByRole('button', {
      name: 'What to do about acme/checkout-worker:1.4.2',
    })
    .click();
  await expect(card).toContainText('Why it matters.');

  await expect(card.getByText('prod/checkout/plan.json')).toHaveCount(1);
  await card.getByRole('button', { name: 'Show what is as expected' }).click();
  await expect(
    card.getByText('Signed by expected signer').first(),
  ).toBeVisible();
});

for (const status of Object.keys(words)) {
  const row = artifacts.find(a => a.status === status)!;
  test(`the card shows “${words[status]}” for ${row.reference}`, async ({
    demo,
  }) => {
    const [kind, , name] = row.entity.split(/[:/]/);
    await demo.openEntity(name, kind);
    // Both kinds of apostrophe: which one is a matter of type, not of status.
    const text = new RegExp(words[status].replace('’', "[’']"));
    await expect(demo.card()).toContainText(text);
  });
}

test('a service without a declaration is told how to declare', async ({
  demo,
}) => {
  await demo.openEntity('handbook');
  await expect(demo.card()).toContainText('No artifacts declared');
  await expect(demo.card()).toContainText('sigstore.dev/images');
});

test('“Check again” asks for a check, and its result replaces the old one', async ({
  demo,
}) => {
  await demo.openEntity('storefront');
  const asked = demo.page.waitForResponse(
    response =>
      response.url().endsWith('/check') &&
      response.request().method() === 'POST',
  );
  await demo.card().getByRole('button', { name: 'Check again' }).click();
  expect((await asked).status()).toBe(202);
  await expect(demo.card()).toContainText('signed by the expected signer');
});

test('the card can be used without seeing it', async ({ demo }) => {
  await demo.openEntity('checkout');
  await expect(demo.card()).toContainText('someone else');
  const label = await demo.card().getAttribute('aria-labelledby');
  const { violations } = await new AxeBuilder({ page: demo.page })
    .include(`[aria-labelledby="${label}"]`)
    .analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
