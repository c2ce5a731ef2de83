import type { Page } from '@playwright/test';
import type { startDemo } from '../../scripts/runner/demo.mjs';
import { waitFor } from '../../scripts/runner/servers.mjs';
import { Demo } from '../browser/demo.ts';

type Running = Awaited<ReturnType<typeof startDemo>>;

/** What is read of the storefront in each place. */
export type Shown = { status: string; card: RegExp; tab: RegExp[] };

export const before: Shown = {
  status: 'expected-signer',
  card: /storefront is signed by the expected signer/,
  tab: [/Evidence sound\s*:\s*yes/, /Expected signer\s*:\s*yes/],
};

export const after: Shown = {
  status: 'unexpected-signer',
  card: /storefront was signed by someone else/,
  tab: [/Evidence sound\s*:\s*yes/, /Expected signer\s*:\s*no/],
};

/**
 * Waits until API, card, tab and annotation say what they should. API and pages
 * have to at once; the annotation may take a poll of the catalog module.
 */
export async function showsEverywhere(
  demo: Running,
  page: Page,
  shown: Shown,
): Promise<void> {
  await reportShows(demo, shown);
  await pagesShow(page, shown);
  await waitFor(
    `the annotation to be ${shown.status}`,
    async () => {
      const found = await demo.api.tryGet(
        '/api/catalog/entities/by-name/component/default/storefront',
      );
      const annotations = found?.metadata.annotations ?? {};
      return annotations['sigstore.dev/signature-status'] === shown.status;
    },
    { failed: demo.failed, withinMs: 60_000 },
  );
}

async function reportShows({ api }: Running, { status }: Shown) {
  const report = await api.tryGet(
    '/api/sigstore/entities/component/default/storefront',
  );
  const said = [report?.status, report?.artifacts[0]?.status];
  if (said.some(found => found !== status))
    throw new Error(`the API says ${said.join(' and ')}, not ${status}`);
}

async function pagesShow(page: Page, { card, tab }: Shown) {
  const pages = new Demo(page);
  await pages.openEntity('storefront');
  await pages.card().filter({ hasText: card }).waitFor();
  await pages.open('/catalog/default/component/storefront/provenance');
  const detail = page.getByRole('region', { name: 'acme/storefront:3.2.0' });
  for (const text of tab) await detail.filter({ hasText: text }).waitFor();
}
