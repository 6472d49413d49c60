// The main walk, in a browser with JavaScript and in one without: log in, overview, zaak, download, log out, back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { calls, clearCalls, demo, open, persons, screenshot, site } from './lib.mjs';
import { choose, logIn, logOut, openZaak, paths, sessionCookie, toProvider, zaakLinks } from './resident.mjs';
import { documentsOf } from './zgw.mjs';

const person = persons.many;
/** How often the sidecar asked for a list of zaken. */
const lists = async () => (await calls()).filter(({ path }) => /\/zaken\/api\/v1\/zaken(\/_zoek)?$/.test(path)).length;

test('a link to a way of logging in that is not there: a page that says so', async (t) => {
  const browser = await open({ js: false });
  t.after(() => browser.close());
  const page = await browser.page();
  const response = await page.goto(`${site}/?zijspan=login&idp=bestaatniet&return_to=${encodeURIComponent(paths.overview)}`);
  assert.equal(response.status(), 404);
  assert.match(await page.locator('body').innerText(), /Zo kunt u niet inloggen/);
  await page.getByRole('link', { name: 'Ga terug' }).click();
  assert.equal(page.url(), site + paths.overview);
});

for (const js of [true, false]) {
  const how = js ? 'with JavaScript' : 'without JavaScript';

  test(`log in, follow a zaak, download, log out: ${how}`, async (t) => {
    const browser = await open({ js });
    const page = await browser.page();
    t.after(() => browser.close());
    const shot = (name) => screenshot(page, `walk-${js ? 'js' : 'nojs'}-${name}`);
    const visited = [];
    const failures = [];
    page.on('pageerror', (error) => failures.push(error.message));
    page.on('request', (request) => visited.push(request.url()));

    await t.test('somebody who is not logged in is asked to', async () => {
      await page.goto(site + paths.overview);
      assert.match(await page.locator('.owc-zijspan-mijn-zaken').innerText(), /Log eerst in/);
      await shot('1-logged-out');
    });

    await t.test('the provider says that it is a demo, and sends back to the page that one came from', async () => {
      await toProvider(page, paths.overview);
      assert.match(await page.locator('body').innerText(), /Demo: dit is geen DigiD/);
      await shot('2-provider');
      await choose(page, person);
      assert.equal(page.url(), site + paths.overview);
      assert.match(await page.locator('body').innerText(), new RegExp(`ingelogd als ${person.name}`));
    });

    await t.test('the overview shows the zaken, and the session cookie has its attributes', async () => {
      assert.ok(await zaakLinks(page).count() >= 5);
      assert.match(await page.locator('.owc-zijspan-mijn-zaken').innerText(), /Zaaknummer ZAAK-\d{4}-\d{10}/);
      const { value, ...cookie } = await sessionCookie(browser.context);
      assert.match(value, /^[\w-]{43}$/);
      assert.deepEqual(cookie, { name: '__Host-zijspan', domain: 'localhost', path: '/', expires: -1, httpOnly: true, secure: true, sameSite: 'Lax' });
      await shot('3-overview');
    });

    let number;
    await t.test('a page asks the sidecar once, and the sidecar asks for the zaken once', async () => {
      // What this session asked a moment ago may be remembered: a login of its own tells.
      await browser.context.clearCookies();
      await logIn(page, person, { from: paths.login });
      await clearCalls();
      await page.goto(site + paths.overview);
      const asked = await calls();
      assert.equal(await lists(), 1);
      assert.ok(asked.length <= 2, `overview: ${asked.map(({ path }) => path)}`);
      await clearCalls();
      await openZaak(page, 0);
      const detail = await calls();
      assert.ok(detail.length <= 8, `zaak: ${detail.length} calls`);
      number = /ZAAK-\d{4}-\d{10}/.exec(await page.locator('.owc-zijspan-zaak').innerText())[0];
    });

    await t.test('the zaak shows status, steps, decision and documents', async () => {
      const text = await page.locator('article.owc-zijspan-zaak').innerText();
      for (const heading of ['Status', 'Gegevens', 'Besluiten', 'Documenten', 'Uw ingediende aanvraag']) assert.ok(text.includes(heading), heading);
      assert.ok(await page.locator('.denhaag-process-steps__step').count() >= 4);
      assert.equal(await page.locator('.denhaag-process-steps [aria-current="step"]').count(), 1);
      await shot('4-zaak');
    });

    await t.test('documents come as they are at the source, under a safe name', async () => {
      const atSource = await documentsOf(person.bsn, number);
      const links = page.locator('.denhaag-file__link');
      const seen = new Set();
      const texts = await links.allInnerTexts();
      assert.equal(new Set(texts).size, texts.length, `each once: ${texts}`);
      for (let index = 0; index < await links.count(); index++) {
        const text = await links.nth(index).innerText();
        const source = atSource.find(({ titel }) => text.includes(titel));
        assert.ok(source, `the source knows “${text}”`);
        const [download] = await Promise.all([page.waitForEvent('download'), links.nth(index).click()]);
        const bytes = readFileSync(await download.path());
        assert.ok(bytes.equals(await source.bytes()), `${text}: the same bytes`);
        assert.equal(bytes.length, source.bestandsomvang);
        const [, extension, size] = /\((\w+), ([\d.,]+)\s[kM]?B\)/.exec(text);
        assert.ok(download.suggestedFilename().endsWith(`.${extension}`), download.suggestedFilename());
        assert.equal(Number(size.replace(',', '.')), Math.max(1, Math.round(bytes.length / 1000)), `${text}: the size shown`);
        if (extension === 'pdf') assert.equal(bytes.subarray(0, 4).toString(), '%PDF');
        assert.equal(new URL(page.url()).pathname, paths.zaak, 'the page stays where it is');
        seen.add(extension);
      }
      assert.ok(seen.has('pdf') && seen.size > 1, `kinds of documents: ${[...seen]}`);
    });

    await t.test('the way back leads to the overview', async () => {
      await page.locator('.owc-zijspan-back').first().click();
      await page.waitForURL(site + paths.overview);
      await openZaak(page, 0);
    });

    await t.test('logging out ends the session here and at the provider', async () => {
      visited.length = 0;
      await logOut(page);
      assert.ok(visited.some((url) => url.startsWith(`${demo.idp}/logout`)), `${visited}`);
      assert.equal(await sessionCookie(browser.context), undefined);
      await shot('5-after-logout');
    });

    await t.test('the back button shows nothing personal', async () => {
      for (let step = 0; step < 4; step++) {
        const before = page.url();
        await page.goBack({ waitUntil: 'load' });
        if (page.url() === before || !page.url().startsWith(site)) break;
        const text = await page.locator('body').innerText();
        assert.doesNotMatch(text, /ZAAK-\d{4}/, page.url());
        assert.ok(!text.includes(person.name), page.url());
      }
      await page.goto(site + paths.overview);
      assert.match(await page.locator('.owc-zijspan-mijn-zaken').innerText(), /Log eerst in/);
      await shot('6-back');
    });

    assert.deepEqual(failures, [], 'no script fails');
  });

  test(`breaking off at the provider: ${how}`, async (t) => {
    const browser = await open({ js });
    const page = await browser.page();
    t.after(() => browser.close());
    await toProvider(page, paths.overview);
    await page.locator('button[name="person"][value="cancel"]').click();
    await page.waitForURL(`${site}${paths.overview}?zijspan_login=failed*`);
    const text = await page.locator('main').innerText();
    assert.equal(text.match(/Inloggen is niet gelukt of u bent ermee gestopt\./g)?.length, 1, 'said once');
    assert.match(text, /[0-9A-Z]{8}/, 'with a code');
    await screenshot(page, `login-broken-off-${js ? 'js' : 'nojs'}`);
    // Trying again works, and the message does not come back.
    await page.locator('.owc-zijspan a[href*="zijspan=login"]').first().click();
    await choose(page, persons.one);
    assert.equal(page.url(), site + paths.overview);
    assert.equal(await zaakLinks(page).count(), 1);
  });
}
