// Over plain HTTP: no cache may keep a personal address, nobody sees another's data, and no page holds what is secret.
import assert from 'node:assert/strict';
import { afterEach, before, test } from 'node:test';
import { clearFaults, demo, fault, open, persons, site, wordpress } from './lib.mjs';
import { decode, loggedIn, Visitor } from './http.mjs';
import { paths } from './resident.mjs';

const number = /ZAAK-\d{4}-\d{10}/;

/** Without the whole page in the message when it fails. */
const has = (text, pattern, what) => assert.ok(pattern.test(text), `${what ?? 'the page'} holds ${pattern}`);
const hasNot = (text, pattern, what) => assert.ok(!pattern.test(text), `${what ?? 'the page'} does not hold ${pattern}`);

let resident;
let overview;
let zaakPath;
let documentPath;

before(async () => {
  resident = await loggedIn(persons.many);
  overview = await resident.text(paths.overview);
  has(overview, number, 'the overview');
  [zaakPath] = /\/zaak\/\?zs_zaak=[\w-]+/.exec(overview);
  const zaak = await resident.text(zaakPath);
  has(zaak, number, 'the zaak');
  documentPath = /href="([^"]*zijspan=document[^"]*)"/.exec(zaak)[1];
});
afterEach(clearFaults);

function assertUncacheable(response, what) {
  const control = response.headers.get('cache-control') ?? '';
  for (const word of ['private', 'no-store']) assert.ok(control.includes(word), `${what}: Cache-Control is “${control}”`);
  assert.match(response.headers.get('vary') ?? '', /cookie/i, `${what}: Vary`);
  for (const name of ['surrogate-control', 'cdn-cache-control']) assert.equal(response.headers.get(name), 'no-store', `${what}: ${name}`);
  assert.equal(response.headers.get('x-accel-expires'), '0', what);
  assert.equal(response.headers.get('x-litespeed-cache-control'), 'no-cache', what);
  assert.match(response.headers.get('x-robots-tag') ?? '', /noindex/, what);
  assert.equal(response.headers.get('referrer-policy'), 'same-origin', what);
  assert.equal(response.headers.get('etag'), null, what);
  assert.equal(response.headers.get('last-modified'), null, what);
}

test('a personal address is uncacheable in every state', async (t) => {
  const nobody = () => new Visitor();
  const expired = () => Object.assign(new Visitor(), { cookies: new Map([['__Host-zijspan', 'A'.repeat(43)]]) });
  const broken = () => Object.assign(new Visitor(), { cookies: new Map([['__Host-zijspan', 'x y']]) });
  const cases = [
    ['logged out', nobody, paths.overview, 200],
    ['logged out, zaak', nobody, zaakPath, 200],
    ['logged out, front page', nobody, paths.front, 200],
    ['logged out, login page', nobody, paths.login, 200],
    ['login failed', nobody, `${paths.overview}?zijspan_login=failed&zijspan_code=ABCD1234`, 200],
    ['expired', expired, paths.overview, 200],
    ['no token at all', broken, paths.overview, 200],
    ['overview', () => resident, paths.overview, 200],
    ['overview, search', () => resident, `${paths.overview}?zs_zoek=dakkapel`, 200],
    ['zaak', () => resident, zaakPath, 200],
    ['zaak without a choice', () => resident, paths.zaak, 200],
    ['not found', () => resident, `${paths.zaak}?zs_zaak=x`, 404],
    ['login begins', nobody, '/?zijspan=login&idp=digid&return_to=%2Fmijn-zaken%2F', 303],
    ['login of an unknown kind', nobody, '/?zijspan=login&idp=NO%20PE', 404],
    ['a handoff that is none', nobody, '/?zijspan_handoff=x', 400],
    ['document', () => resident, documentPath, 303],
    ['document, logged out', nobody, documentPath, 403],
    ['document that is not there', () => resident, '/?zijspan=document&handle=x', 404],
    ['form by GET', () => resident, '/?zijspan=form', 405],
  ];
  for (const [what, who, path, status] of cases) {
    await t.test(what, async () => {
      const response = await who().get(path);
      assert.equal(response.status, status);
      assertUncacheable(response, what);
    });
  }
  await t.test('unavailable', async () => {
    const other = await loggedIn(persons.many);
    await fault({ upstream: 'zaken', mode: 'status', status: 500 });
    const response = await other.get(paths.overview);
    assert.equal(response.status, 200);
    assertUncacheable(response, 'unavailable');
  });
  await t.test('late, and what is asked after it', async () => {
    const other = await loggedIn(persons.many);
    await fault({ upstream: 'zaken', mode: 'none', latency_ms: 2600 });
    const response = await other.get(paths.overview);
    const html = decode(await response.text());
    assertUncacheable(response, 'late');
    const part = (name) => new RegExp(`data-zijspan-late-${name}="([^"]*)"`).exec(html)[1];
    const ask = (visitor, headers = {}) => visitor.request(part('url'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', origin: site, ...headers },
      body: JSON.stringify({ block: part('block'), query: '' }),
    });
    const answer = await ask(other);
    assert.equal(answer.status, 200);
    assertUncacheable(answer, 'the part');
    const refused = await ask(new Visitor());
    assert.ok([401, 403].includes(refused.status));
    const elsewhere = await ask(other, { origin: 'https://elsewhere.example' });
    assert.ok([401, 403].includes(elsewhere.status));
  });
});

test('a page holds no token, no number of a person, no ticket and nothing of the sources', async () => {
  for (const path of [paths.overview, zaakPath, paths.login, paths.front]) {
    const raw = await (await resident.get(path)).text();
    const html = raw + decode(raw);
    assert.ok(!html.includes(resident.token), `${path}: the session's token`);
    assert.ok(!html.includes(persons.many.bsn), `${path}: the BSN`);
    for (const name of ['public', 'idp', 'upstreams', 'api', 'ops', 'hooks']) {
      assert.ok(!html.includes(new URL(demo[name]).host), `${path}: the address of ${name}`);
    }
    assert.ok(!html.includes(demo.site.request_secret) && !html.includes(demo.site.admin_secret), path);
    hasNot(html, /\/t\/[\w-]{20,}/, `${path}: a ticket`);
    hasNot(html, /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i, `${path}: a UUID`);
  }
  // The title says which page it is and not what it is about.
  const title = /<title>(.*?)<\/title>/s.exec(await resident.text(zaakPath))[1];
  hasNot(title, /ZAAK-|vergunning|Dakkapel/i);
});

test('REST, feeds, search, embeds and sitemaps hold nothing personal, whoever asks', async () => {
  const ids = JSON.parse(wordpress('echo wp_json_encode(get_posts(["post_type" => "page", "fields" => "ids", "numberposts" => -1]));'));
  const list = [
    ...ids.map((id) => `/wp-json/wp/v2/pages/${id}`),
    '/wp-json/wp/v2/pages?per_page=50', '/wp-json/wp/v2/search?search=zaken', '/feed/', '/comments/feed/', `${paths.overview}feed/`,
    `${zaakPath.replace('?', 'feed/?')}`, `${paths.overview}?feed=rss2`, `${paths.overview}embed/`, `/wp-json/oembed/1.0/embed?url=${encodeURIComponent(site + paths.overview)}`,
    '/?s=zaken', '/wp-sitemap.xml', '/wp-sitemap-posts-page-1.xml', '/wp-json/', `${paths.overview}?preview=true`,
    `/wp-json/wp/v2/block-renderer/owc-zijspan/mijn-zaken?context=edit`,
  ];
  for (const path of list) {
    const response = await resident.get(path);
    const raw = await response.text();
    const body = raw + decode(raw);
    assert.ok(response.status < 500, `${path}: ${response.status}`);
    hasNot(body, number, path);
    assert.ok(!body.includes(persons.many.name) && !body.includes(persons.many.bsn), path);
    assert.ok(!body.includes(resident.token), path);
  }
});

test('two residents at the same time each see their own zaken only', async () => {
  const other = await loggedIn(persons.one);
  const names = await Promise.all(Array.from({ length: 8 }, async (_, index) => {
    const [who, visitor] = index % 2 ? [persons.one, other] : [persons.many, resident];
    const html = await visitor.text(paths.overview);
    return html.includes(who.name) && !html.includes(index % 2 ? persons.many.name : persons.one.name);
  }));
  assert.ok(names.every(Boolean));
  const foreign = await other.get(zaakPath);
  assert.equal(foreign.status, 404);
  hasNot(await foreign.text(), /Dakkapel/);
  assert.equal((await other.get(documentPath)).status, 404);
});

test('two browsers know nothing of each other', async (t) => {
  const [first, second] = [await open(), await open()];
  t.after(() => Promise.all([first.close(), second.close()]));
  const visitor = await loggedIn(persons.one);
  await first.context.addCookies([{ name: '__Host-zijspan', value: visitor.token, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }]);
  const [one, two] = [await first.page(), await second.page()];
  await Promise.all([one.goto(site + paths.overview), two.goto(site + paths.overview)]);
  assert.match(await one.locator('main').innerText(), new RegExp(persons.one.name));
  assert.match(await two.locator('main').innerText(), /Log eerst in/);
});

test('cookies are for this host, for HTTP only, and gone when they have served', async () => {
  const visitor = new Visitor();
  await visitor.logIn(persons.one);
  const [login, session, gone] = visitor.setCookies;
  assert.match(login, /^__Host-zijspan-login=[\w.-]{43,}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=900$/);
  assert.match(session, /^__Host-zijspan=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
  assert.match(gone, /^__Host-zijspan-login=; .*Max-Age=0/);
  assert.equal(visitor.setCookies.length, 3);
});

test('a handoff works once, and only in the browser that began the login', async (t) => {
  await t.test('in another browser it fails, and is burnt', async () => {
    const victim = new Visitor();
    const attacker = new Visitor();
    const handoff = await attacker.handoff(persons.many);
    const response = await victim.get(handoff);
    assert.equal(response.status, 400);
    assert.equal(victim.token, undefined);
    has(decode(await response.text()), /Inloggen is niet gelukt/);
  });
  await t.test('another browser with a login of its own under way fails too', async () => {
    const victim = new Visitor();
    await victim.get('/?zijspan=login&idp=digid&return_to=%2F');
    const attacker = new Visitor();
    const handoff = await attacker.handoff(persons.many);
    assert.equal((await victim.get(handoff)).status, 400);
    assert.equal(victim.token, undefined);
    assert.equal((await attacker.get(handoff)).status, 400, 'the first attempt burnt it');
  });
  await t.test('a second time it fails', async () => {
    const visitor = new Visitor();
    const handoff = await visitor.handoff(persons.one);
    const kept = new Map(visitor.cookies);
    assert.equal((await visitor.get(handoff)).status, 303);
    const again = new Visitor();
    again.cookies = kept;
    assert.equal((await again.get(handoff)).status, 400);
    assert.equal(again.token, undefined);
  });
  await t.test('the way back never leaves the site', async () => {
    for (const evil of ['https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)']) {
      const visitor = new Visitor();
      const response = await visitor.logIn(persons.one, { from: evil });
      assert.equal(new URL(response.headers.get('location'), site).origin, site, evil);
    }
  });
});

test('logging out and staying logged in need the form of this very session', async (t) => {
  const visitor = await loggedIn(persons.one);
  const fieldsOf = (html, action) => Object.fromEntries(
    [...new RegExp(`<form[^>]*data-zijspan-form="${action}"[\\s\\S]*?</form>`).exec(html)[0].matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const html = await visitor.text(paths.login);
  const logout = fieldsOf(html, 'logout');
  const extend = fieldsOf(html, 'extend');
  const logsOut = async (fields, headers) => {
    const response = await visitor.post('/?zijspan=form', fields, headers);
    return [response.status, (await visitor.text(paths.overview)).includes(persons.one.name)];
  };
  await t.test('a token of another action, another session, or none', async () => {
    const other = fieldsOf(await (await loggedIn(persons.one)).text(paths.login), 'logout');
    for (const token of [extend.zijspan_csrf, other.zijspan_csrf, '', 'A'.repeat(43)]) {
      assert.deepEqual(await logsOut({ ...logout, zijspan_csrf: token }), [403, true]);
    }
  });
  await t.test('another site', async () => {
    assert.deepEqual(await logsOut(logout, { origin: 'https://elsewhere.example' }), [403, true]);
    assert.deepEqual(await logsOut(logout, { origin: 'null' }), [403, true]);
  });
  await t.test('staying logged in answers with what is left, also as JSON', async () => {
    const plain = await visitor.post('/?zijspan=form', extend);
    assert.equal(plain.status, 303);
    const json = await (await visitor.post('/?zijspan=form', extend, { accept: 'application/json' })).json();
    assert.ok(json.idle_expires_in > 880 && json.idle_expires_in <= 900, JSON.stringify(json));
    assert.ok(json.absolute_expires_in > 7000 && json.absolute_expires_in <= 7200, JSON.stringify(json));
  });
  await t.test('the right form logs out; the old cookie and the old document links are worth nothing', async () => {
    const old = new Map(visitor.cookies);
    const response = await visitor.post('/?zijspan=form', logout);
    assert.equal(response.status, 303);
    assert.ok(response.headers.get('location').startsWith(`${demo.idp}/logout`));
    assert.equal(response.headers.get('clear-site-data'), '"cache"');
    assert.equal(visitor.token, undefined);
    const stale = new Visitor();
    stale.cookies = old;
    const page = await stale.text(paths.overview);
    has(page, /U bent uitgelogd/);
    hasNot(page, number);
    assert.equal(stale.cookies.size, 0, 'the dead cookie is removed');
  });
});

test('a ticket works once, for a minute, and ends with the session', async () => {
  const visitor = await loggedIn(persons.many);
  const first = (await visitor.get(documentPath)).headers.get('location');
  assert.ok(first.startsWith(`${demo.public}/t/`));
  const file = await fetch(first);
  assert.equal(file.status, 200);
  assert.match(file.headers.get('content-disposition'), /^attachment/);
  assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
  assert.match(file.headers.get('cache-control'), /no-store/);
  assert.equal(file.headers.get('set-cookie'), null);
  await file.arrayBuffer();
  assert.equal((await fetch(first)).status, 404, 'not twice');

  const second = (await visitor.get(documentPath)).headers.get('location');
  const html = await visitor.text(paths.login);
  const form = /<form[^>]*data-zijspan-form="logout"[\s\S]*?<\/form>/.exec(html)[0];
  await visitor.post('/?zijspan=form', Object.fromEntries([...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value])));
  const dead = await fetch(second);
  assert.ok(dead.status >= 400 && dead.status < 500, `after logging out: ${dead.status}`);
});
