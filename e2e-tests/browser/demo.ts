import { test as base, type Locator, type Page } from '@playwright/test';

/** A page of the demo, signed in as a guest. */
export class Demo {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens a path of the demo; signs in when asked to. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    const enter = this.page.getByRole('button', { name: 'Enter' });
    const inside = this.page.getByRole('link', { name: 'Settings' });
    await enter.or(inside).first().waitFor();
    if (await enter.isVisible()) await enter.click();
    await inside.first().waitFor();
  }

  /** Opens the overview page of an entity. */
  openEntity(name: string, kind = 'component'): Promise<void> {
    return this.open(`/catalog/default/${kind}/${name}`);
  }

  /** The signature card of the page that is open. */
  card(): Locator {
    return this.page.getByRole('region', { name: 'Signatures' });
  }
}

export const test = base.extend<{ demo: Demo }>({
  demo: async ({ page }, use) => use(new Demo(page)),
});
export { expect } from '@playwright/test';
