// Real pages with real answers: axe-core, the keyboard's way, and no scrolling sideways at 320 px. The states that
// need sample data are in a11y.test.mjs, those of failing sources in sources.test.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, persons, screenshot, site, violations } from './lib.mjs';
import { enter } from './http.mjs';
import { openZaak, paths } from './resident.mjs';

let browser;
let page;
let zaak;
before(async () => {
  browser = await open();
  page = await browser.page();
  await enter(browser.context, persons.many);
  await page.goto(site + paths.overview);
  await openZaak(page, 0);
  zaak = page.url().slice(site.length);
});
after(() => browser?.close());

const expired = () => browser.context.addCookies([{ name: '__Host-zijspan', value: 'A'.repeat(43), domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }]);
const states = [
  ['logged-out', null, [paths.overview, paths.zaak, paths.login, paths.front]],
  ['login-failed', null, [`${paths.overview}?zijspan_login=failed&zijspan_code=ABCD1234`, `${paths.login}?zijspan_login=failed`]],
  ['expired', 'expired', [paths.overview, paths.login]],
  ['many', persons.many, [paths.overview, `${paths.overview}?zs_status=closed`, `${paths.overview}?zs_zoek=bestaatniet`, paths.login, paths.zaak, `${paths.zaak}?zs_zaak=x`, () => zaak]],
  ['none', persons.none, [paths.overview]],
  ['one', persons.one, [paths.overview]],
  ['huge', persons.huge, [paths.overview]],
];

for (const [name, who, addresses] of states) {
  test(`${name}: axe-core finds nothing in the blocks, and nothing is wider than the window`, async () => {
    await browser.context.clearCookies();
    if (who === 'expired') await expired();
    else if (who) await enter(browser.context, who);
    for (const [index, address] of addresses.entries()) {
      const path = typeof address === 'function' ? address() : address;
      if (who === 'expired') await expired();
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(site + path);
      const blocks = await page.locator('[class*="wp-block-owc-zijspan-"]').evaluateAll((found) =>
        found.map((element) => `.${[...element.classList].find((one) => one.startsWith('wp-block-owc-zijspan-'))}`));
      assert.ok(blocks.length > 0, path);
      for (const block of new Set(blocks)) assert.deepEqual(await violations(page, block), [], `${path} ${block}`);
      assert.equal(await page.locator('[id]').evaluateAll((all) => all.length - new Set(all.map(({ id }) => id)).size), 0, `${path}: ids are unique`);
      await page.setViewportSize({ width: 320, height: 800 });
      const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      assert.ok(inner <= outer, `${path}: ${inner} px in ${outer} px`);
      await screenshot(page, `state-${name}-${index}-320`);
    }
  });
}

test('with the keyboard: every stop is named, seen and in the order of the page', async (t) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await enter(browser.context, persons.huge);
  await page.goto(site + paths.overview);
  const stops = [];
  let outside = 0;
  for (let press = 0; press < 90 && outside < 12; press++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element?.closest('.owc-zijspan')) return null;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return {
        name: (element.labels?.[0] ?? element).textContent.trim() || element.getAttribute('aria-label'),
        seen: style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2,
        inView: box.top >= 0 && box.bottom <= innerHeight,
        covered: !(element === middle || element.contains(middle) || middle?.contains(element)),
        top: box.top + scrollY,
      };
    });
    if (stop) stops.push(stop);
    else if (stops.length) outside++;
    // After the last stop the keyboard goes around the page again.
    if (stop?.name === 'Volgende') break;
  }
  const names = stops.map(({ name }) => name);
  for (const wanted of ['Uitloggen', 'Zoekwoord', 'Soort aanvraag', 'Jaar', 'Zoeken', 'Volgende']) assert.ok(names.includes(wanted), `${wanted} in ${names}`);
  for (const stop of stops) {
    assert.ok(stop.name && stop.seen && stop.inView && !stop.covered, JSON.stringify(stop));
  }
  for (let index = 1; index < stops.length; index++) assert.ok(stops[index].top >= stops[index - 1].top - 60, `${names[index]} comes after ${names[index - 1]}`);

  await t.test('logging in and out need no mouse', async () => {
    await page.goto(site + paths.overview);
    await page.locator('form[data-zijspan-form="logout"] button').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${site}/`);
    await page.goto(site + paths.overview);
    const login = page.locator('.owc-zijspan a[href*="zijspan=login"]').first();
    await login.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/authorize/);
  });
});

test('the warning before a session ends can be answered, and extends it', async () => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.clock.install();
  await enter(browser.context, persons.one);
  await page.goto(site + paths.overview);
  await page.clock.fastForward('13:30');
  const dialog = page.locator('dialog[open]');
  await dialog.waitFor();
  assert.match(await dialog.innerText(), /Wilt u ingelogd blijven\?/);
  assert.deepEqual(await violations(page, 'dialog[open]'), []);
  await screenshot(page, 'session-warning');
  await dialog.getByRole('button', { name: 'Blijf ingelogd' }).click();
  await dialog.waitFor({ state: 'hidden' });
});
