// A site with three zaaksystemen (demo --sources 3): what a resident reads when one of them is down.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { clearFaults, fault, open, persons, screenshot, site, violations } from '../lib.mjs';
import { enter } from '../http.mjs';
import { paths, zaakLinks } from '../resident.mjs';

let browser;
let page;
before(async () => {
  browser = await open();
  page = await browser.page();
  // The catalogues are in memory before anything is slow.
  await enter(browser.context, persons.many);
  await page.goto(site + paths.overview);
});
afterEach(clearFaults);
after(() => browser?.close());

const block = (tab) => tab.locator('.wp-block-owc-zijspan-mijn-zaken');
const text = async (tab) => (await block(tab).innerText()).replace(/\s+/g, ' ');

test('all three answer: one list', async () => {
  await enter(browser.context, persons.one);
  await page.goto(site + paths.overview);
  const shown = await text(page);
  assert.doesNotMatch(shown, /minstens|nog niet binnen|Let op/);
  assert.ok(await zaakLinks(page).count() > 0, shown);
});

test('one is down: what the others have is there, and that something is missing is said', async () => {
  await enter(browser.context, persons.many);
  await fault({ upstream: 'bron3', mode: 'status', status: 500 });
  await page.goto(site + paths.overview);
  const shown = await text(page);
  assert.match(shown, /Let op: (we kunnen nu niet alles laten zien|een van onze systemen werkt nu even niet)\. Dit ontbreekt: een deel van uw zaken\./);
  assert.match(shown, /Noem dan deze code: [0-9A-Z]{8}/);
  assert.match(shown, /ZAAK-/);
  assert.match(shown, /minstens/);
  assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-mijn-zaken'), []);
  await screenshot(page, 'several-down');
});

test('somebody without zaken in the sources that answer does not read that there are none', async () => {
  await enter(browser.context, persons.none);
  await fault({ upstream: 'bron3', mode: 'status', status: 500 });
  await page.goto(site + paths.overview);
  const shown = await text(page);
  assert.doesNotMatch(shown, /geen (lopende |afgeronde )?zaken/);
  assert.match(shown, /kunnen (uw zaken )?nu niet/);
  await screenshot(page, 'several-down-none');
});
