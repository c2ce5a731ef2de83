import { defineConfig } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { launchOptions } from './chromium.ts';

const output = fileURLToPath(
  new URL('../../.tools/browser-tests', import.meta.url),
);

export default defineConfig({
  testDir: '.',
  outputDir: output,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  workers: 1,
  forbidOnly: true,
  reporter: 'list',
  use: {
    baseURL: process.env.DEMO_URL ?? 'http://localhost:7007',
    viewport: { width: 1400, height: 1000 },
    screenshot: 'only-on-failure',
    launchOptions,
  },
});
