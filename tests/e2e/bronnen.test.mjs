// The board of sources on the settings page: every state as a webbeheerder sees it, and the switches against the real
// sidecar, with what a resident reads meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clearFaults, loginAdmin, open, persons, screenshot, site, violations, wcag, wordpress } from './lib.mjs';
import { enter } from './http.mjs';
import { paths, zaakLinks } from './resident.mjs';

const board = `${site}/wp-admin/options-general.php?page=owc-zijspan&tab=bronnen`;
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

const component = (name, more = {}) => ({
  component: name, state: 'ok', since: '2026-11-24T06:00:00Z', last_ok: '2026-11-24T07:59:58Z', last_failure: null,
  median_ms: 47, p95_ms: 120, calls: 2210, failures: 2, in_flight: 0, waiting: 0, ...more,
});
const failure = (reason) => ({ at: '2026-11-24T07:41:03Z', reason });
const status = {
  version: '0.1.0', contract: 1, modules: { zaken: true }, time: '2026-11-24T08:00:00Z',
  sources: [
    { name: 'zgw', label: 'Zaaksysteem', state: 'ok', off_by: null, components: ['zaken', 'catalogi', 'documenten', 'besluiten'].map((name) => component(name)) },
    { name: 'vth', label: 'Vergunningen en toezicht', state: 'failing', off_by: null, components: [component('zaken'), component('documenten', { state: 'failing', last_failure: failure('forbidden'), in_flight: 2, waiting: 1 })] },
    { name: 'sociaal', label: 'Sociaal domein', state: 'skipped', off_by: null, components: [component('zaken', { state: 'skipped', since: '2026-11-24T07:41:03Z', last_failure: failure('timeout'), median_ms: 5120, p95_ms: 10000 })] },
    { name: 'archief', label: 'Archief', state: 'off', off_by: 'policy', components: [component('zaken')] },
    { name: 'nieuw', label: 'Nieuw zaaksysteem', state: 'unknown', off_by: null, components: [component('zaken', { state: 'unknown', since: null, last_ok: null, median_ms: null, p95_ms: null, calls: 0, failures: 0 })] },
  ],
  cache: { entries: 12, bytes: 48213, max_bytes: 67108864, hits: 120, misses: 40, evictions: 0 },
};

/** The tab as WordPress makes it of an answer of the sidecar. */
function rendered(answer, policy) {
  const shim = fileURLToPath(new URL('../../php-shim/tests/FakeSidecar.php', import.meta.url));
  return wordpress(`
    require_once '${path.resolve(shim)}';
    wp_set_current_user(get_users(['role' => 'administrator', 'fields' => 'ids'])[0]);
    $plugin = OWC\\Zijspan\\Plugin::instance();
    $key = fn (string $name) => Zijspan\\Shim\\Key::fromBase64(constant($name . '_KEYID'), constant($name . '_SECRET'));
    $answer = fn (string $method, string $path): array => [200, json_decode(base64_decode($path === '/v1/status'
        ? '${Buffer.from(JSON.stringify(answer)).toString('base64')}'
        : '${Buffer.from(JSON.stringify(policy)).toString('base64')}'), true)];
    $fakes = ['/v1/admin/' => 'ZIJSPAN_ADMIN', '/v1/status' => 'ZIJSPAN_REQUEST'];
    $plugin->sidecar()->useTransport(new class (array_map(
        fn (string $name) => new Zijspan\\Shim\\Tests\\FakeSidecar($key($name), $key('ZIJSPAN_RESPONSE'), $answer),
        $fakes
    )) implements Zijspan\\Shim\\Http\\Transport {
        public function __construct(private array $fakes) {}
        public function send(Zijspan\\Shim\\Http\\WireRequest $request, Zijspan\\Shim\\Http\\Limits $limits, ?Zijspan\\Shim\\Http\\BodySink $sink = null): Zijspan\\Shim\\Http\\WireResponse {
            foreach ($this->fakes as $path => $fake) if (str_contains($request->url, $path)) return $fake->send($request, $limits, $sink);
        }
    });
    require_once ABSPATH . 'wp-admin/includes/template.php';
    (new OWC\\Zijspan\\Admin\\SourcesTab($plugin->settings(), $plugin->sidecar()))->show([]);
  `);
}

test('every state of a source is said in words, for everybody, on every width', async () => {
  const html = rendered(status, {
    version: 3, policy: { modules: { zaken: true }, bronnen_uit: ['archief'] },
    bounds: { modules: { zaken: true }, bronnen: ['zgw', 'vth', 'sociaal', 'archief', 'nieuw'], bronnen_uit: [] },
  });
  await page.goto(board);
  await page.evaluate((fresh) => {
    const wrap = document.querySelector('.wrap');
    for (const old of wrap.querySelectorAll(':scope > :not(h1, nav)')) old.remove();
    wrap.insertAdjacentHTML('beforeend', fresh);
  }, html);
  const states = await page.locator('.owc-zijspan-admin__state').allInnerTexts();
  assert.deepEqual(states, ['Werkt', 'Werkt niet', 'Tijdelijk overgeslagen', 'Uitgezet', 'Nog niet gevraagd']);
  for (const [width, name] of [[1280, 'wide'], [360, 'narrow']]) {
    await page.setViewportSize({ width, height: 900 });
    assert.deepEqual(await violations(page, '.wrap', [...wcag, 'best-practice']), [], `closed, ${width}`);
    await screenshot(page, `board-${name}`);
    for (const details of await page.locator('.wrap details').all()) await details.evaluate((element) => { element.open = true; });
    assert.deepEqual(await violations(page, '.wrap', [...wcag, 'best-practice']), [], `open, ${width}`);
    const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(inner <= outer, `${inner} px in ${outer} px`);
    await screenshot(page, `board-${name}-open`);
    for (const details of await page.locator('.wrap details').all()) await details.evaluate((element) => { element.open = false; });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
});

for (const js of [true, false]) {
  test(`a source, then a part, is switched off and on again, and a resident reads it at once: ${js ? 'with' : 'without'} JavaScript`, async (t) => {
    const desk = await open({ js });
    const home = await open({ js: false });
    const admin = await desk.page();
    t.after(async () => {
      // What failed halfway must not stay off for the tests that come after.
      for (const button of ['Zet aan… Zaaksysteem', 'Zet aan… Mijn zaken']) {
        await admin.goto(board);
        if (await admin.getByRole('link', { name: button }).count() > 0) {
          await admin.getByRole('link', { name: button }).click();
          await admin.locator('.submit button.button-primary').click();
          await admin.getByText('Opgeslagen.').waitFor();
        }
      }
      await desk.close();
      await home.close();
    });
    await loginAdmin(admin);
    const view = await home.page();
    await enter(home.context, persons.many);
    const resident = async () => {
      await view.goto(site + paths.overview);
      return (await view.locator('.wp-block-owc-zijspan-mijn-zaken').innerText()).replace(/\s+/g, ' ');
    };
    const turn = async (what, way) => {
      await admin.goto(board);
      await admin.getByRole('link', { name: `Zet ${way}… ${what}` }).click();
      await admin.waitForURL(/zet=/);
      if (js) assert.deepEqual(await violations(admin, '.wrap'), []);
      await screenshot(admin, `switch-${way}-${js ? 'js' : 'nojs'}`);
      await Promise.all([admin.waitForNavigation(), admin.locator('.submit button.button-primary').click()]);
      // Not the address: wp-admin's own script takes "saved" out of it.
      assert.match(await admin.locator('.notice-success').first().innerText(), /Opgeslagen/);
    };
    const [source, module] = ['Zaaksysteem', 'Mijn zaken'];

    assert.ok((await resident()).includes('ZAAK-'));
    await admin.goto(board);
    await Promise.all([admin.waitForNavigation(), admin.getByRole('link', { name: 'Ververs' }).click()]);
    await screenshot(admin, `board-demo-${js ? 'js' : 'nojs'}`);
    assert.deepEqual(await admin.locator('.owc-zijspan-admin__state').allInnerTexts(), ['Werkt']);
    const card = (await admin.locator('.owc-zijspan-admin__source').innerText()).replace(/\s+/g, ' ');
    assert.match(card, /Sinds \d+ \p{L}+ \d{4}, \d\d:\d\d uur/u);
    assert.match(card, /Laatste goede antwoord .*minder dan een minuut geleden/);
    assert.match(card, /meestal [\d.]+ ms/);
    assert.equal(await admin.locator('.owc-zijspan-admin__source tbody tr').count(), 4);

    await turn(source, 'uit');
    assert.deepEqual(await admin.locator('.owc-zijspan-admin__state').allInnerTexts(), ['Uitgezet']);
    const off = await resident();
    await screenshot(view, 'source-off');
    assert.match(off, /De gemeente heeft dit onderdeel tijdelijk uitgezet\./);
    assert.doesNotMatch(off, /ZAAK-|geen (lopende )?zaken/);
    await turn(source, 'aan');
    await view.goto(site + paths.overview);
    await zaakLinks(view).first().waitFor();

    await turn(module, 'uit');
    assert.match(await resident(), /De gemeente biedt dit op dit moment niet online aan\./);
    await turn(module, 'aan');
    await view.goto(site + paths.overview);
    await zaakLinks(view).first().waitFor();
  });
}
