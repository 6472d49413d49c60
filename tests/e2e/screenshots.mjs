// Makes the pictures of docs/images anew from a running ./dev up:
//   node tests/e2e/screenshots.mjs http://localhost:8488
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const [site = 'http://localhost:8488'] = process.argv.slice(2);
const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
mkdirSync(images, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage({ locale: 'nl-NL', viewport: { width: 1280, height: 1000 } });

async function picture(name, height) {
  const file = path.join(images, `${name}.png`);
  await page.setViewportSize({ width: 1280, height });
  // The theme's own white space would be most of the picture.
  await page.addStyleTag({ content: 'main { margin-top: 1rem !important } .wp-block-post-title { margin-top: 0 !important }' });
  await page.screenshot({ path: file });
  console.log(`${path.relative(process.cwd(), file)}: ${Math.ceil(statSync(file).size / 1024)} KB`);
}

try {
  await page.goto(`${site}/mijn-zaken/`);
  await page.locator('.owc-zijspan a[href*="zijspan=login"]').first().click();
  await page.locator('button[name="person"][value="0"]').click();
  await page.waitForURL(`${site}/**`);
  await picture('mijn-zaken', 1200);
  await page.locator('.owc-zijspan-mijn-zaken :is(.denhaag-case-card__action, .utrecht-table__cell--title a)').first().click();
  await page.waitForURL(/zs_zaak/);
  await picture('zaak', 1500);
} finally {
  await browser.close();
}
