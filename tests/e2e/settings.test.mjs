// The webbeheerder tests the connection and sets the Toonregels, against the real sidecar.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clearFaults, demo, fault, loginAdmin, open, persons, screenshot, site, violations, wcag } from './lib.mjs';
import { enter } from './http.mjs';
import { openZaak, paths } from './resident.mjs';

let browser;
let page;
before(async () => {
  browser = await open();
  page = await browser.page();
  await loginAdmin(page);
});
after(async () => {
  await clearFaults();
  await browser?.close();
});

const tab = (name) => page.goto(`${site}/wp-admin/options-general.php?page=owc-zijspan&tab=${name}`);
const save = () => Promise.all([page.waitForNavigation(), page.locator('.submit button.button-primary').click()]);

test('the settings show key ids and fingerprints, and no secret', async () => {
  await tab('verbinding');
  const html = await page.content();
  assert.ok(html.includes(demo.site.request_keyid) && html.includes(demo.site.response_keyid));
  for (const secret of ['request_secret', 'response_secret', 'admin_secret']) assert.ok(!html.includes(demo.site[secret]), secret);
});

test('the connection test passes every step', async () => {
  await tab('verbinding');
  await page.locator('form button.button-primary').click();
  await page.locator('.owc-zijspan-admin__steps').waitFor();
  await screenshot(page, 'settings-connection');
  assert.equal(await page.locator('.owc-zijspan-admin__step--fail, .owc-zijspan-admin__step--skipped').count(), 0);
  assert.ok(await page.locator('.owc-zijspan-admin__step--ok').count() >= 10);
  assert.deepEqual(await violations(page, '.wrap'), []);
});

test('the connection test names the source that fails', async () => {
  await fault({ upstream: 'besluiten', mode: 'status', status: 403 });
  await tab('verbinding');
  await page.locator('form button.button-primary').click();
  await page.locator('.owc-zijspan-admin__steps').waitFor();
  const failed = await page.locator('.owc-zijspan-admin__step--fail').allInnerTexts();
  await screenshot(page, 'settings-connection-fails');
  await clearFaults();
  assert.equal(failed.length, 1, `${failed}`);
  assert.match(failed[0], /besluiten/);
});

test('a label of a step is on the zaak page at once, and can be forgotten', async (t) => {
  const resident = await open({ js: false });
  t.after(() => resident.close());
  const view = await resident.page();
  await enter(resident.context, persons.many);
  await view.goto(site + paths.overview);
  await openZaak(view, 0);
  const before = await view.locator('article').innerText();
  const title = (await view.locator('article header .nl-heading').innerText()).trim();

  await tab('toonregels');
  await screenshot(page, 'settings-rules');
  assert.deepEqual(await violations(page, '.wrap'), []);
  await page.getByRole('link', { name: title }).first().click();
  await screenshot(page, 'settings-rules-zaaktype');
  assert.deepEqual(await violations(page, '.wrap'), []);
  const label = page.locator('input[name^="statustypen"][name$="[label]"]').first();
  const was = await label.inputValue();
  await label.fill('Wij hebben uw brief & tekening <goed> gelezen');

  await Promise.all([page.waitForNavigation(), page.locator('button[name="proef"]').click()]);
  assert.match(await page.locator('.wrap').innerText(), /nog niets opgeslagen/i);
  await view.reload();
  assert.ok(!(await view.locator('article').innerText()).includes('tekening <goed>'), 'a trial changes nothing');

  await save();
  await page.locator('.notice-success').first().waitFor();
  await view.reload();
  await screenshot(view, 'settings-label-on-zaak');
  assert.match(await view.locator('.denhaag-process-steps').innerText(), /Wij hebben uw brief & tekening <goed> gelezen/);

  await page.locator('input[name^="statustypen"][name$="[label]"]').first().fill(was);
  await save();
  await view.reload();
  assert.equal(await view.locator('article').innerText(), before);
});

for (const name of ['verbinding', 'inloggen', 'bronnen', 'toonregels', 'paginas', 'weergave']) {
  test(`the tab “${name}”: axe-core finds nothing, and nothing is wider than the window`, async () => {
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await tab(name);
      assert.deepEqual(await violations(page, '.wrap', [...wcag, 'best-practice']), [], `${width} px`);
      const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(inner <= outer, `${inner} px in ${outer} px`);
      await screenshot(page, `settings-${name}-${width}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });
}

test('who is no webbeheerder sees none of it', async (t) => {
  const other = await open();
  t.after(() => other.close());
  const visitor = await other.page();
  await visitor.goto(`${site}/wp-admin/options-general.php?page=owc-zijspan&tab=toonregels`);
  assert.match(visitor.url(), /wp-login\.php/);
});
