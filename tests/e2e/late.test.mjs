// What the page's script does while a source is still being asked: it asks again, puts what came in the place of what was
// there, leaves the focus and what was typed alone, and says when it is done. The answers are the editor's samples, so
// that each of them comes when the test says so.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, screenshot, site, violations, wordpress } from './lib.mjs';
import { paths } from './resident.mjs';

let browser;
let page;
let samples;
before(async () => {
  samples = JSON.parse(wordpress(`
    wp_set_current_user(get_users(['role' => 'administrator', 'fields' => 'ids'])[0]);
    foreach (['traag', 'onderweg', 'begrensd', 'vol', 'veel', 'fout'] as $state) {
        $_GET['zijspan_sample'] = $state;
        $request = new WP_REST_Request('GET', '/wp/v2/block-renderer/owc-zijspan/mijn-zaken');
        $request->set_param('context', 'edit');
        $out[$state] = rest_do_request($request)->get_data()['rendered'];
    }
    echo wp_json_encode($out);
  `));
  browser = await open();
  page = await browser.page();
});
after(() => browser?.close());

const inside = (state) => /^<div [^>]*>([\s\S]*)<\/div>\s*$/.exec(samples[state].trim())[1];
const answer = (state, fields = {}) => ({ html: inside(state), late: false, loaded: true, session: true, ...fields });
const wrapper = () => page.locator('.wp-block-owc-zijspan-mijn-zaken');
const announced = () => wrapper().locator('> [role="status"]');

/** The overview with `first` in the place of the block, and a site that gives `answers` one after the other. */
async function visit(first, answers, change = (html) => html) {
  const asked = [];
  await page.unrouteAll();
  await page.route('**/wp-json/owc-zijspan/v1/parts', async (route) => {
    asked.push(route.request().postDataJSON());
    const next = answers[asked.length - 1];
    await (next ? route.fulfill({ json: next }) : route.fulfill({ status: 503, json: {} }));
  });
  await page.route(site + paths.overview, async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    const place = /<div [^>]*wp-block-owc-zijspan-mijn-zaken[^>]*>/.exec(body);
    const wrapped = place[0].replace('<div ', `<div data-zijspan-late-url="${site}/wp-json/owc-zijspan/v1/parts" data-zijspan-late-block="b" `);
    // What was in the block comes after it and is thrown away by the script's first line below.
    await route.fulfill({ response, body: body.replace(place[0], `${wrapped}${change(inside(first))}</div><div hidden>`) });
  });
  await page.goto(site + paths.overview);
  return asked;
}

test('a part of the list is there; the rest takes its place, and that is said once', async () => {
  const asked = await visit('onderweg', [answer('onderweg', { late: true }), answer('vol')]);
  assert.match(await wrapper().innerText(), /Een deel van uw zaken is nog niet binnen\./);
  assert.equal(await wrapper().getByRole('link', { name: 'Opnieuw laden' }).count(), 1);
  assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-mijn-zaken'), []);
  await screenshot(page, 'late-part');
  await announced().filter({ hasText: 'De gegevens zijn geladen.' }).waitFor();
  assert.doesNotMatch(await wrapper().innerText(), /nog niet binnen/);
  assert.equal(asked.length, 2);
  await page.waitForTimeout(2500);
  assert.equal(asked.length, 2, 'nothing is asked after the last answer');
});

test('the focus, the place on the screen and what was typed stay', async () => {
  // Low, so that there is room to scroll: at the top of a page nothing can be moved down.
  await page.setViewportSize({ width: 1280, height: 250 });
  // The same link, further down the page once the rest is there.
  const other = (html) => html.replaceAll('href="#"', 'href="#elsewhere"').replace('href="#elsewhere"', 'href="#mine"');
  const grown = answer('veel');
  grown.html = grown.html.replaceAll('href="#"', 'href="#elsewhere"').replace(/(.*)href="#elsewhere"/s, '$1href="#mine"');
  await visit('veel', [grown], (html) => `<div data-zijspan-loaded="Klaar" data-zijspan-failed="Nee"><p role="status">Bezig</p></div>${other(html)}`);
  const field = wrapper().locator('input[type="search"]');
  await field.fill('dak');
  await wrapper().locator('select').first().selectOption({ index: 1 });
  const chosen = await wrapper().locator('select').first().inputValue();
  await field.focus();
  await page.keyboard.press('Home');
  const top = await field.evaluate((element) => element.getBoundingClientRect().top);
  assert.ok(await page.evaluate(() => scrollY) > 200);
  await announced().filter({ hasText: 'Klaar' }).waitFor();
  assert.equal(await field.evaluate((element) => element === document.activeElement), true, 'the field has the focus');
  assert.equal(await field.inputValue(), 'dak');
  assert.equal(await field.evaluate((element) => element.selectionStart), 0);
  assert.equal(await wrapper().locator('select').first().inputValue(), chosen);
  assert.ok(Math.abs(await field.evaluate((element) => element.getBoundingClientRect().top) - top) <= 1, 'it stays where it was');

  await visit('veel', [grown], (html) => `<div data-zijspan-loaded="Klaar" data-zijspan-failed="Nee"><p role="status">Bezig</p></div>${other(html)}`);
  const link = wrapper().locator('a[href="#mine"]');
  await link.focus();
  const before = await link.evaluate((element) => element.getBoundingClientRect().top);
  await announced().filter({ hasText: 'Klaar' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '#mine');
  assert.ok(Math.abs(await link.evaluate((element) => element.getBoundingClientRect().top) - before) <= 1, 'it stays where it was');
  await page.setViewportSize({ width: 1280, height: 900 });
});

test('after three times it stops, says so, and keeps what it has', async () => {
  const asked = await visit('onderweg', [answer('onderweg', { late: true }), null, answer('fout', { loaded: false })]);
  await wrapper().locator('[role="status"]', { hasText: 'Een deel is nog steeds niet binnen.' }).waitFor();
  assert.equal(asked.length, 3);
  const text = await wrapper().innerText();
  assert.match(text, /ZAAK-2026-0000000018/);
  assert.doesNotMatch(text, /kunnen uw zaken nu niet laten zien/);
  assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-mijn-zaken'), []);
  await screenshot(page, 'late-part-gave-up');
  await page.waitForTimeout(2500);
  assert.equal(asked.length, 3);
});

test('nothing yet, then a part, then all of it', async () => {
  await visit('traag', [answer('onderweg', { late: true }), answer('begrensd')]);
  await wrapper().getByText('Een deel van uw zaken is nog niet binnen.').waitFor();
  await announced().filter({ hasText: 'De gegevens zijn geladen.' }).waitFor();
  assert.match(await wrapper().innerText(), /We laten de nieuwste 500 van 872 zaken zien\./);
});

test('an answer that is no data is not called loaded', async () => {
  await visit('traag', [answer('fout', { loaded: false })]);
  await announced().filter({ hasText: 'We kunnen uw zaken nu niet laten zien' }).waitFor();
});

test('somebody who was logged out meanwhile sees no list any more', async () => {
  await visit('onderweg', [answer('fout', { loaded: false, session: false })]);
  await announced().filter({ hasText: /./ }).waitFor();
  assert.doesNotMatch(await wrapper().innerText(), /ZAAK-2026/);
});
