/**
 * How Chromium is started: the one in `CHROMIUM_PATH`, else Playwright's own,
 * with flags under which it talks to nobody but the page under test.
 */
export const launchOptions = {
  executablePath: process.env.CHROMIUM_PATH || undefined,
  args: [
    ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    ...['--disable-background-networking', '--disable-component-update'],
    '--disable-sync',
  ],
};
