// Every state of every block in a real page of the demo, with the editor's sample data: axe-core, reflow, text spacing,
// ids, and pictures in tests/output/.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, screenshot, site, violations, wcag, wordpress } from './lib.mjs';

const states = ['vol', 'veel', 'leeg', 'gedeeltelijk', 'onderweg', 'begrensd', 'traag', 'uitgezet', 'niveau', 'namens', 'fout', 'niet_gevonden', 'uitgelogd', 'verlopen'];
const blocks = { 'mijn-zaken': '/mijn-zaken/', zaak: '/zaak/', inloggen: '/inloggen/' };
const tags = [...wcag, 'best-practice'];

let browser;
let page;
let samples;

before(async () => {
  // What the editor's preview shows, asked inside WordPress as its administrator.
  samples = JSON.parse(wordpress(`
    wp_set_current_user(get_users(['role' => 'administrator', 'fields' => 'ids'])[0]);
    $out = [];
    foreach (${phpArray(Object.keys(blocks))} as $block) {
        foreach (${phpArray(states)} as $state) {
            $_GET['zijspan_sample'] = $state;
            $request = new WP_REST_Request('GET', '/wp/v2/block-renderer/owc-zijspan/' . $block);
            $request->set_param('context', 'edit');
            $out[$block][$state] = rest_do_request($request)->get_data()['rendered'] ?? '';
        }
    }
    echo wp_json_encode($out);
  `));
  browser = await open();
  page = await browser.page();
});

after(() => browser?.close());

function phpArray(values) {
  return `[${values.map((value) => `'${value}'`).join(', ')}]`;
}

/** Puts a state in the place of the block on its own page, where its styles are. */
async function show(block, state) {
  await page.goto(`${site}${blocks[block]}`);
  await page.evaluate(([name, html]) => {
    const place = document.querySelector(`.wp-block-owc-zijspan-${name}`);
    const fresh = document.createElement('template');
    fresh.innerHTML = html;
    place.replaceWith(fresh.content);
  }, [block, samples[block][state]]);
  await page.waitForSelector(`.wp-block-owc-zijspan-${block} .owc-zijspan`);
}

/** How many pixels the block is wider than the window. */
const tooWide = () => page.evaluate(() => {
  const widest = [...document.querySelectorAll('.owc-zijspan, .owc-zijspan *')]
    .filter((element) => !element.closest('.owc-zijspan-visually-hidden, dialog:not([open])') && element.getClientRects().length > 0)
    .map((element) => element.getBoundingClientRect().right);
  return Math.max(0, Math.ceil(Math.max(...widest) - document.documentElement.clientWidth));
});

for (const block of Object.keys(blocks)) {
  for (const state of states) {
    test(`${block}, ${state}`, async () => {
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 900 });
        await show(block, state);
        assert.deepEqual(await violations(page, `.wp-block-owc-zijspan-${block}`, tags), [], `axe at ${width} px`);
        assert.equal(await tooWide(), 0, `nothing is wider than ${width} px`);
        await screenshot(page, `${block}-${state}-${width}`);
      }
      // WCAG 1.4.12
      await page.addStyleTag({ content: '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }' });
      assert.equal(await tooWide(), 0, 'with wider text nothing sticks out');
    });
  }
}

test('the focus is always to be seen', async () => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await show('mijn-zaken', 'veel');
  const stops = page.locator('.owc-zijspan :is(a, input, select, button)');
  for (let index = 0; index < Math.min(8, await stops.count()); index++) {
    await stops.nth(index).focus();
    // The way a keyboard goes, so that :focus-visible holds.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
    });
    assert.ok(seen, `stop ${index} shows the focus`);
  }
});

test('on paper everything is there, and nothing to click', async () => {
  await page.emulateMedia({ media: 'print' });
  await show('zaak', 'veel');
  assert.ok(await page.locator('.owc-zijspan .denhaag-process-steps').isVisible());
  await screenshot(page, 'zaak-print');
  await show('mijn-zaken', 'veel');
  assert.ok(!(await page.locator('.owc-zijspan-filter').isVisible()));
  await show('mijn-zaken', 'onderweg');
  assert.ok(await page.getByText('Een deel van uw zaken is nog niet binnen.').isVisible());
  assert.ok(!(await page.getByText('Opnieuw laden').isVisible()));
  await screenshot(page, 'mijn-zaken-print');
  await page.emulateMedia({ media: null });
});

test('with the colours of the system the steps can still be told apart', async () => {
  await page.emulateMedia({ forcedColors: 'active' });
  await show('zaak', 'vol');
  await screenshot(page, 'zaak-forced-colors');
  assert.deepEqual(await violations(page, '.wp-block-owc-zijspan-zaak', tags), []);
  await page.emulateMedia({ forcedColors: null });
});
