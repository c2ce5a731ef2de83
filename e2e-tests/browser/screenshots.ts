import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { launchOptions } from './chromium.ts';
import { Demo } from './demo.ts';

/*
 * Makes the pictures of the README from a demo that is running (DEMO_URL):
 * npm run yarn -- docs:screenshots
 */
const images = fileURLToPath(new URL('../../docs/images', import.meta.url));
mkdirSync(images, { recursive: true });

const browser = await chromium.launch(launchOptions);
try {
  const page = await browser.newPage({
    baseURL: process.env.DEMO_URL ?? 'http://localhost:7007',
    viewport: { width: 1280, height: 900 },
    deviceScaleFactor: 1.5,
    timezoneId: 'UTC',
  });
  const demo = new Demo(page);

  await demo.openEntity('checkout');
  const card = demo.card();
  await card.getByText('was signed by someone else').first().waitFor();
  await card.screenshot({ path: path.join(images, 'card.png') });

  await demo.open('/catalog/default/component/notifier/provenance');
  const tab = page.getByRole('region', { name: 'acme/notifier:1.1.0' });
  await tab.getByText('Check it yourself').waitFor();
  await tab.screenshot({ path: path.join(images, 'provenance.png') });
} finally {
  await browser.close();
}
