// A site with three zaaksystemen (demo --sources 3): what a resident reads when one of them is slow, down or switched off,
// and what the webbeheerder sees of it.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { clearFaults, fault, loginAdmin, open, persons, screenshot, site, violations } from '../lib.mjs';
import { enter } from '../http.mjs';
import { paths, zaakLinks } from '../resident.mjs';

const board = `${site}/wp-admin/options-general.php?page=owc-zijspan&tab=bronnen`;
const slow = { upstream: 'bron2', mode: 'none', latency_ms: 3500 };
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
/** The number in "Lopende zaken (25)". */
const openZaken = (shown) => Number(/Lopende zaken \((?:minstens )?([\d.]+)\)/.exec(shown)?.[1].replace('.', ''));

test('all three answer: one list', async () => {
  await enter(browser.context, persons.one);
  await page.goto(site + paths.overview);
  const shown = await text(page);
  assert.doesNotMatch(shown, /minstens|nog niet binnen|Let op/);
  assert.ok(await zaakLinks(page).count() > 0, shown);
});

test('one is slow: what the others have is there in time, and the rest comes by itself', async () => {
  await enter(browser.context, persons.many);
  await fault(slow);
  const started = Date.now();
  await page.goto(site + paths.overview, { waitUntil: 'domcontentloaded' });
  const took = Date.now() - started;
  const first = await text(page);
  assert.ok(took < 8_000, `${took} ms`);
  assert.match(first, /Een deel van uw zaken is nog niet binnen\. We halen dit nog op\. Opnieuw laden/);
  assert.match(first, /ZAAK-/);
  assert.match(first, /minstens/);
  assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-mijn-zaken'), []);
  await screenshot(page, 'several-late');
  await block(page).locator('[role="status"]', { hasText: 'De gegevens zijn geladen.' }).waitFor();
  const then = await text(page);
  assert.doesNotMatch(then, /nog niet binnen|minstens/);
  assert.ok(openZaken(then) > openZaken(first), `${openZaken(first)}, then ${openZaken(then)}`);
  await screenshot(page, 'several-loaded');
});

test('one is slow, without script: the link brings the rest', async (t) => {
  const plain = await open({ js: false });
  t.after(() => plain.close());
  const tab = await plain.page();
  await enter(plain.context, persons.many);
  await fault(slow);
  await tab.goto(site + paths.overview);
  const first = await text(tab);
  assert.match(first, /Een deel van uw zaken is nog niet binnen\./);
  assert.match(first, /ZAAK-/);
  await screenshot(tab, 'several-late-nojs');
  await tab.setViewportSize({ width: 360, height: 800 });
  await screenshot(tab, 'several-late-nojs-360');
  // Each page takes as long as it may wait for sources, so that this is no endless clicking.
  for (let tries = 0; tries < 6 && /nog niet binnen/.test(await text(tab)); tries++) {
    await Promise.all([tab.waitForNavigation(), tab.getByRole('link', { name: 'Opnieuw laden' }).click()]);
  }
  const then = await text(tab);
  assert.doesNotMatch(then, /nog niet binnen/);
  assert.ok(openZaken(then) > openZaken(first), `${openZaken(first)}, then ${openZaken(then)}`);
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

test('one fails, one is switched off: the board and the resident’s page tell them apart', async (t) => {
  const desk = await open({ js: false });
  t.after(() => desk.close());
  const admin = await desk.page();
  await loginAdmin(admin);
  const turn = async (way) => {
    await admin.goto(board);
    await admin.locator('.owc-zijspan-admin__source', { has: admin.locator('code', { hasText: 'bron2' }) })
      .getByRole('link', { name: `Zet ${way}…` }).click();
    await admin.locator('.submit button.button-primary').click();
    await admin.getByText('Opgeslagen.').waitFor();
  };
  const state = async (name) => admin.locator('.owc-zijspan-admin__source', { has: admin.locator('code', { hasText: name }) })
    .locator('.owc-zijspan-admin__state').innerText();

  await turn('uit');
  await fault({ upstream: 'bron3', mode: 'status', status: 500 });
  await enter(browser.context, persons.many);
  await page.goto(site + paths.overview);
  await clearFaults();
  await admin.goto(board);
  assert.equal(await state('zgw'), 'Werkt');
  assert.equal(await state('bron2'), 'Uitgezet');
  assert.match(await state('bron3'), /Werkt niet|Tijdelijk overgeslagen/);
  assert.match(await admin.locator('.wrap').innerText(), /1 van de 3 bronnen geeft nu geen goed antwoord\./);
  assert.match(await admin.locator('.wrap').innerText(), /De bron heeft een storing\. Meld dit bij de leverancier\./);
  await screenshot(admin, 'several-board');

  // A good answer, and the source is well again.
  await enter(browser.context, persons.closed);
  await page.goto(site + paths.overview);
  await enter(browser.context, persons.many);
  await page.goto(site + paths.overview);
  const shown = await text(page);
  assert.match(shown, /Let op: de gemeente heeft een deel tijdelijk uitgezet\./);
  assert.match(shown, /ZAAK-/);
  assert.match(shown, /minstens/);
  assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-mijn-zaken'), []);
  await screenshot(page, 'several-off');
  await turn('aan');
  await page.goto(site + paths.overview);
  assert.doesNotMatch(await text(page), /Let op|minstens/);
});
