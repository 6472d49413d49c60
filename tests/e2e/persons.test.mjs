// What each of the test persons sees: nothing, one zaak, only finished ones, 872, a company and its branches.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, persons, screenshot, site } from './lib.mjs';
import { enter } from './http.mjs';
import { choose, logIn, openZaak, paths, toProvider, zaakLinks } from './resident.mjs';

let browser;
let page;
before(async () => {
  browser = await open({ js: false });
  page = await browser.page();
});
after(() => browser?.close());

const block = () => page.locator('.owc-zijspan-mijn-zaken');
const numbers = async () => [...(await block().innerText()).matchAll(/ZAAK-\d{4}-\d{10}/g)].map(([number]) => number);
/** On a busy machine 872 zaken can be late; the page then offers to load again. */
async function loaded() {
  const again = page.getByRole('link', { name: 'Opnieuw laden' });
  for (let attempt = 0; attempt < 5 && await again.count(); attempt++) await again.click();
}
async function overview(person, options) {
  await enter(browser.context, person, options);
  await page.goto(site + paths.overview);
  await loaded();
  return block().innerText();
}

test('nothing there is said in words, and is no failure', async () => {
  const text = await overview(persons.none);
  assert.match(text, /U hebt op dit moment geen zaken\./);
  assert.match(text, /Hebt u pas iets aangevraagd\?/);
  assert.doesNotMatch(text, /Lopende zaken|niet laten zien/);
  await screenshot(page, 'person-none');
});

test('one zaak is a card without a filter, and opens', async () => {
  const text = await overview(persons.one);
  assert.match(text, /Lopende zaken \(1\)/);
  assert.equal(await zaakLinks(page).count(), 1);
  assert.equal(await page.locator('.owc-zijspan-filter').count(), 0);
  await screenshot(page, 'person-one');
  await openZaak(page, 0);
  assert.match(await page.locator('article.owc-zijspan-zaak').innerText(), /Gegevens/);
  await screenshot(page, 'person-one-zaak');
});

test('only finished zaken are one click away, with their outcome', async () => {
  assert.match(await overview(persons.closed), /U hebt op dit moment geen lopende zaken\./);
  await page.getByRole('link', { name: /Afgeronde zaken \(\d+\)/ }).click();
  assert.equal(await zaakLinks(page).count(), 6);
  assert.match(await block().innerText(), /Afgerond op \d+ \w+ \d{4}|Klaar op/);
  await screenshot(page, 'person-closed');
  await openZaak(page, 0);
  const text = await page.locator('article.owc-zijspan-zaak').innerText();
  assert.match(text, /Resultaat|Uitkomst/);
  assert.equal(await page.locator('[aria-current="step"]').count(), 0, 'no step is current in a finished zaak');
  await screenshot(page, 'person-closed-zaak');
});

test('what is confidential is nowhere', async () => {
  const text = await overview(persons.confidential);
  const links = await zaakLinks(page).count();
  assert.ok(links >= 1);
  for (let index = 0; index < links; index++) {
    await page.goto(site + paths.overview);
    await openZaak(page, index);
    const html = await page.content();
    assert.doesNotMatch(html, /[Ii]ntern advies|[Gg]eheim/, `zaak ${index}`);
  }
  assert.doesNotMatch(text, /[Gg]eheim/);
  await screenshot(page, 'person-confidential');
});

test('somebody under bewind sees their own zaken under their own name', async () => {
  await overview(persons.underAdministration);
  assert.match(await page.locator('main').innerText(), new RegExp(`ingelogd als ${persons.underAdministration.name}\\.`));
  assert.ok(await zaakLinks(page).count() >= 1);
});

test('872 zaken: search, filters and pages, all without JavaScript', async (t) => {
  await t.test('pages do not overlap and lead back', async () => {
    await overview(persons.huge);
    const first = await numbers();
    assert.equal(first.length, 20);
    // Of the finished ones not all were read: what is not counted is not claimed.
    assert.match(await block().innerText(), /Afgeronde zaken \(minstens \d+\)/);
    await screenshot(page, 'person-huge-1');
    await page.locator('a[rel="next"]').click();
    await loaded();
    const second = await numbers();
    assert.equal(second.length, 20);
    assert.deepEqual(second.filter((number) => first.includes(number)), []);
    await page.locator('a[rel="next"]').click();
    await loaded();
    const third = await numbers();
    assert.deepEqual(third.filter((number) => first.includes(number) || second.includes(number)), []);
    await page.locator('a[rel="prev"]').click();
    await loaded();
    assert.deepEqual(await numbers(), second);
  });

  await t.test('a search word finds, stays in the field and can be cleared', async () => {
    await page.goto(site + paths.overview);
    await loaded();
    await page.getByLabel('Zoekwoord').fill('parkeer');
    await page.getByRole('button', { name: 'Zoeken' }).click();
    await loaded();
    assert.equal(await page.getByLabel('Zoekwoord').inputValue(), 'parkeer');
    const titles = await zaakLinks(page).allInnerTexts();
    assert.ok(titles.length > 0 && titles.every((title) => /parkeer/i.test(title)), `${titles}`);
    await screenshot(page, 'person-huge-search');
    await page.getByRole('link', { name: /wis/i }).click();
    await loaded();
    assert.equal(await page.getByLabel('Zoekwoord').inputValue(), '');
  });

  await t.test('kind, year and finished narrow together', async () => {
    await page.goto(site + paths.overview);
    await loaded();
    await page.getByLabel('Soort aanvraag').selectOption({ label: 'Omgevingsvergunning aanvragen' });
    await page.getByLabel('Lopend of afgerond').selectOption({ label: 'Alle zaken' });
    await page.getByLabel('Jaar').selectOption('2025');
    await page.getByRole('button', { name: 'Zoeken' }).click();
    await loaded();
    assert.equal(await page.getByLabel('Jaar').inputValue(), '2025');
    const titles = await zaakLinks(page).allInnerTexts();
    assert.ok(titles.length > 0 && titles.every((title) => title.startsWith('Omgevingsvergunning')), `${titles}`);
    for (const number of await numbers()) assert.match(number, /^ZAAK-2025-/);
    await screenshot(page, 'person-huge-filter');
  });

  await t.test('a word that is nowhere gives an empty list, not an error', async () => {
    await page.goto(`${site}${paths.overview}?zs_zoek=${encodeURIComponent('<b>qqq" ë')}`);
    await loaded();
    assert.match(await block().innerText(), /geen zaken gevonden/);
    assert.equal(await page.getByLabel('Zoekwoord').inputValue(), '<b>qqq" ë');
  });

  await t.test('parameters that fit nothing are left out', async () => {
    await page.goto(`${site}${paths.overview}?zs_jaar=1e3&zs_status=x&zs_soort[]=a&zs_vanaf=%00`);
    await loaded();
    assert.ok(await zaakLinks(page).count() > 0);
  });
});

test('a company sees the zaken of all its branches; who chooses one branch sees only that one', async () => {
  await page.context().clearCookies();
  await logIn(page, persons.entrepreneur);
  assert.match(await page.locator('main').innerText(), /ingelogd als Bakkerij De Korenmaat B\.V\.(?!\.)/);
  const all = await numbers();
  await screenshot(page, 'person-company');

  await page.context().clearCookies();
  await toProvider(page);
  const branch = await page.locator('button[name="person"][value*="/"]').first().getAttribute('value');
  await choose(page, persons.entrepreneur, branch.split('/')[1]);
  const some = await numbers();
  assert.match(await page.locator('main').innerText(), /ingelogd als De Korenmaat Lindeplein\./);
  assert.ok(some.length > 0 && some.length < all.length);
  assert.deepEqual(some.filter((number) => !all.includes(number)), []);
  await screenshot(page, 'person-branch');
});

test('a zaak of somebody else, one that is not there and nonsense are one and the same page', async () => {
  await enter(browser.context, persons.many);
  await page.goto(site + paths.overview);
  await openZaak(page, 0);
  const address = new URL(page.url());
  await enter(browser.context, persons.one);
  const texts = [];
  for (const handle of [address.searchParams.get('zs_zaak'), `A${'b'.repeat(50)}`, 'x']) {
    address.searchParams.set('zs_zaak', handle);
    const response = await page.goto(address.href);
    assert.equal(response.status(), 404);
    texts.push(await page.locator('.owc-zijspan-zaak').innerText());
  }
  assert.match(texts[0], /We kunnen deze zaak niet vinden/);
  assert.deepEqual(texts, [texts[0], texts[0], texts[0]]);
  await screenshot(page, 'zaak-not-found');
});
