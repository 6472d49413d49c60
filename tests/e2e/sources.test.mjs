// Sources that fail, lie or are slow: what the page says then.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { calls, clearCalls, clearFaults, fault, open, persons, screenshot, site, violations } from './lib.mjs';
import { enter } from './http.mjs';
import { openZaak, paths, zaakLinks } from './resident.mjs';

let browser;
let page;
before(async () => {
  browser = await open();
  page = await browser.page();
  // The catalogue is in memory before anything fails.
  await enter(browser.context, persons.many);
  await page.goto(site + paths.overview);
  await openZaak(page, 0);
  zaakAddress = page.url();
});
let zaakAddress;
afterEach(clearFaults);
after(() => browser?.close());

const block = (name = 'mijn-zaken') => page.locator(`.wp-block-owc-zijspan-${name}`);
const text = async (name) => (await block(name).innerText()).replace(/\s+/g, ' ');
/** Another session, which remembers nothing. */
const anew = () => enter(browser.context, persons.many);

for (const [name, what] of Object.entries({
  'an error': { mode: 'status', status: 500 },
  'no answer': { mode: 'refuse' },
  'bytes that are no JSON': { mode: 'garbage' },
  'everybody’s zaken': { mode: 'ignore_filter' },
})) {
  test(`the source gives ${name}: “nu niet”, with a way to try again and a code`, async () => {
    await anew();
    await fault({ upstream: 'zaken', ...what });
    const response = await page.goto(site + paths.overview);
    assert.equal(response.status(), 200);
    const shown = await text();
    assert.match(shown, /We kunnen uw zaken nu niet laten zien Dit ligt niet aan u\./);
    assert.match(shown, /Noem dan deze code: [0-9A-Z]{8}/);
    assert.doesNotMatch(shown, /ZAAK-|geen (lopende )?zaken/);
    assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-mijn-zaken'), []);
    await screenshot(page, `source-${what.mode}`);
    await clearFaults();
    await page.getByRole('link', { name: 'Probeer het opnieuw' }).click();
    await zaakLinks(page).first().waitFor();
    assert.equal(page.url(), site + paths.overview);
  });
}

test('a source that sends everybody’s zaken is not asked for more pages', async () => {
  await enter(browser.context, persons.huge);
  await fault({ upstream: 'zaken', mode: 'ignore_filter' });
  await clearCalls();
  await page.goto(site + paths.overview);
  assert.match(await text(), /We kunnen uw zaken nu niet laten zien/);
  assert.ok((await calls()).length <= 4, `${(await calls()).length} calls`);
});

test('a zaak whose source fails says so, and nothing of the zaak', async () => {
  await anew();
  await fault({ upstream: 'zaken', mode: 'status', status: 503 });
  await page.goto(zaakAddress);
  assert.match(await text('zaak'), /We kunnen deze zaak nu niet laten zien/);
  assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-zaak'), []);
  await screenshot(page, 'source-zaak-down');
});

for (const [upstream, missing, heading] of [
  ['besluiten', 'de besluiten', 'Besluiten'],
  ['documenten', 'de documenten', 'Documenten'],
]) {
  test(`${upstream} cannot be asked: the rest is there, and what is missing is named`, async () => {
    await anew();
    await fault({ upstream, mode: 'status', status: 500 });
    const response = await page.goto(zaakAddress);
    assert.equal(response.status(), 200);
    const shown = await text('zaak');
    assert.match(shown, /Let op: we kunnen nu niet alles laten zien\./);
    assert.ok(shown.includes(missing), shown);
    assert.match(shown, new RegExp(`${heading} We kunnen`));
    assert.ok(await page.locator('.denhaag-process-steps__step').count() >= 4);
    assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-zaak'), []);
    await screenshot(page, `source-partial-${upstream}`);
  });
}

test('a slow source: the page is there in time, and the zaken come by themselves', async () => {
  await anew();
  await fault({ upstream: 'zaken', mode: 'none', latency_ms: 2800 });
  const started = Date.now();
  await page.goto(site + paths.overview, { waitUntil: 'domcontentloaded' });
  const took = Date.now() - started;
  assert.match(await text(), /Dit duurt iets langer/);
  assert.ok(took < 8_000, `${took} ms`);
  assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-mijn-zaken'), []);
  await screenshot(page, 'source-late');
  await zaakLinks(page).first().waitFor();
  assert.equal(await page.locator('[role="status"]', { hasText: 'De gegevens zijn geladen.' }).count(), 1);
  assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-mijn-zaken'), []);
});

test('a slow source without script: a link that loads the page again', async (t) => {
  const plain = await open({ js: false });
  t.after(() => plain.close());
  const tab = await plain.page();
  await enter(plain.context, persons.many);
  await fault({ upstream: 'zaken', mode: 'none', latency_ms: 2800 });
  await tab.goto(site + paths.overview);
  const again = tab.getByRole('link', { name: 'Opnieuw laden' });
  assert.equal(await again.count(), 1);
  await screenshot(tab, 'source-late-nojs');
  await clearFaults();
  await again.click();
  await zaakLinks(tab).first().waitFor();
});

test('a source that never answers: after three times the page says that it did not work', async () => {
  await anew();
  await fault({ upstream: 'zaken', mode: 'hang' });
  await page.goto(site + paths.overview, { waitUntil: 'domcontentloaded' });
  // Either it gives up on the source before the three times are over, or the script says so.
  await page.locator('.wp-block-owc-zijspan-mijn-zaken', { hasText: /We kunnen uw zaken nu niet laten zien|Het is nog steeds niet gelukt/ }).waitFor({ timeout: 25_000 });
  await screenshot(page, 'source-hang');
  assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-mijn-zaken'), []);
});

test('a document that cannot be fetched: a page that says so, with a way back', async () => {
  await anew();
  // A source that hung a moment ago is left alone for a while.
  for (let attempt = 0; attempt < 40; attempt++) {
    await page.goto(zaakAddress);
    if (await page.locator('.denhaag-file__link').count()) break;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  await fault({ upstream: 'documenten', mode: 'status', status: 500 });
  await page.locator('.denhaag-file__link').first().click();
  await page.waitForLoadState();
  await screenshot(page, 'source-download-down');
  const body = await page.locator('body').innerText();
  assert.match(body, /[0-9A-Za-z]{8}/);
  assert.match(body, /kan nu niet|niet laten zien|niet beschikbaar|nu niet/i);
});
