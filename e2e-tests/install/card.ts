import { chromium, expect } from '@playwright/test';
import { launchOptions } from '../browser/chromium.ts';

/**
 * Opens the page of an entity as a guest and reads the signature card. Throws
 * when the card does not show the words.
 */
export async function seeCard(options: {
  executablePath: string;
  appUrl: string;
  entity: string;
  words: RegExp;
  screenshot: string;
}): Promise<void> {
  const browser = await chromium.launch({
    ...launchOptions,
    executablePath: options.executablePath,
  });
  try {
    const page = await browser.newPage({
      viewport: { width: 1400, height: 1000 },
    });
    await page.goto(`${options.appUrl}/catalog/${options.entity}`);
    await page.getByRole('button', { name: 'Enter' }).click();
    try {
      await expect(page.getByText('Signatures').first()).toBeVisible({
        timeout: 60_000,
      });
      await expect(page.getByText(options.words).first()).toBeVisible({
        timeout: 60_000,
      });
    } finally {
      await page.screenshot({ path: options.screenshot });
    }
  } finally {
    await browser.close();
  }
}
