// The pictures in docs/images, taken from a running demo:
// DEMO_URL=http://localhost:7007 node e2e-tests/browser/screenshots.ts
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { root } from '../../scripts/runner/paths.mjs';
import { launchOptions } from './chromium.ts';
import { Demo } from './demo.ts';

const images = path.join(root, 'docs/images');
mkdirSync(images, { recursive: true });

const browser = await chromium.launch(launchOptions);
const page = await browser.newPage({
  baseURL: process.env.DEMO_URL ?? 'http://localhost:7007',
  viewport: { width: 1280, height: 1000 },
  locale: 'en-GB',
  timezoneId: 'UTC',
});
const demo = new Demo(page);

await demo.openEntity('checkout');
await demo.card().getByText('signed by someone else').first().waitFor();
await demo.card().screenshot({ path: path.join(images, 'card.png') });

await demo.open('/catalog/default/component/checkout/provenance');
await page.getByText('Expected signer').first().waitFor();
await page.screenshot({ path: path.join(images, 'provenance.png') });
await browser.close();
