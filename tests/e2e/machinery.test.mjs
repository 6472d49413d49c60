// The other browser tests mean something only when this holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demo, loginAdmin, screenshot, site, violations, withPage, wordpress } from './lib.mjs';

test('the front page comes from WordPress, in Dutch, with the plugin active', async () => {
  await withPage({}, async (page) => {
    const response = await page.goto(`${site}/`);
    assert.equal(response.status(), 200);
    assert.equal(await page.getAttribute('html', 'lang'), 'nl-NL');
    await screenshot(page, 'front');
    assert.deepEqual(await violations(page, '.entry-content'), []);
  });
  assert.equal(wordpress('echo is_plugin_active("owc-zijspan/owc-zijspan.php") ? "yes" : "no";'), 'yes');
});

test('no page of the site asks another host for anything', async () => {
  await withPage({}, async (page) => {
    const hosts = new Set();
    page.on('request', (request) => {
      if (/^https?:/.test(request.url())) hosts.add(new URL(request.url()).host);
    });
    for (const path of ['/', '/mijn-zaken/', '/zaak/', '/inloggen/']) await page.goto(site + path);
    const ours = [site, demo.public, demo.idp].filter(Boolean).map((url) => new URL(url).host);
    assert.deepEqual([...hosts].filter((host) => !ours.includes(host)), []);
  });
});

test('without JavaScript the site answers too', async () => {
  await withPage({ js: false }, async (page) => {
    await page.goto(`${site}/`);
    assert.notEqual((await page.textContent('h1')).trim(), '');
  });
});

test('the webbeheerder can log in', async () => {
  await withPage({}, async (page) => {
    await loginAdmin(page);
    assert.ok(await page.$('#wpadminbar'));
  });
});
