// What every browser test needs: the running demo, a Chromium of its own, and axe-core.
import { execFileSync } from 'node:child_process';
import dns from 'node:dns';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

// The demo's WordPress listens on IPv4, and node 18 would ask for localhost's IPv6 address first.
dns.setDefaultResultOrder('ipv4first');

const required = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run ./dev test e2e`);
  return value;
};

const dir = required('ZIJSPAN_E2E_DIR');

/** Where WordPress is, without a trailing slash. */
export const site = required('ZIJSPAN_E2E_SITE');

/** What `zijspan demo --json` said: api, public, idp, upstreams, site, persons, … */
export const demo = JSON.parse(readFileSync(path.join(dir, 'demo.json'), 'utf8'));

/** The account of the webbeheerder. */
export const admin = { user: 'admin', password: readFileSync(path.join(dir, 'admin-password'), 'utf8').trim() };

/** The demo's persons, in the order that docs name. */
export const persons = {
  many: demo.persons[0], // 25 zaken
  none: demo.persons[1],
  one: demo.persons[2],
  closed: demo.persons[3],
  confidential: demo.persons[4],
  underAdministration: demo.persons[5],
  huge: demo.persons[6], // 872 zaken
  entrepreneur: demo.persons[7], // has a kvk instead of a bsn
};

const flags = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium's sandbox does not run as root, which is what containers and CI are.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/**
 * A new browser with an empty profile. `js: false` switches JavaScript off. Call `close()` when done.
 *
 *   const browser = await open();
 *   const page = await browser.page();
 */
export async function open({ js = true, locale = 'nl-NL', viewport = { width: 1280, height: 900 }, ...more } = {}) {
  const profile = mkdtempSync(path.join(tmpdir(), 'zijspan-e2e-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: required('CHROMIUM'),
    args: flags,
    javaScriptEnabled: js,
    acceptDownloads: true,
    locale,
    viewport,
    ...more,
  });
  context.setDefaultTimeout(15_000);
  context.setDefaultNavigationTimeout(30_000);
  return {
    context,
    page: async () => context.pages()[0] ?? context.newPage(),
    newPage: () => context.newPage(),
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Runs `body` with a browser of its own and closes it, whatever happens. */
export async function withPage(options, body) {
  const browser = await open(options);
  try {
    return await body(await browser.page(), browser);
  } finally {
    await browser.close();
  }
}

const output = required('ZIJSPAN_E2E_OUTPUT');

/** A picture of the whole page in tests/output/, for people to look at. */
export async function screenshot(page, name) {
  mkdirSync(output, { recursive: true });
  await page.screenshot({ path: path.join(output, `${name}.png`), fullPage: true });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * axe-core on everything that `selector` matches (the theme around our blocks is not ours), as lines that a test can
 * compare with []: `rule: help (selector)`. Works on pages with JavaScript only: it is JavaScript itself.
 */
export async function violations(page, selector, tags = wcag) {
  await page.evaluate(axeSource);
  return page.evaluate(
    async ([include, values]) => {
      if (!document.querySelector(include)) return [`nothing on this page matches ${include}`];
      const result = await globalThis.axe.run({ include: [include] }, { runOnly: { type: 'tag', values } });
      return result.violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id}: ${rule.help} (${node.target.join(' ')})`));
    },
    [selector, tags],
  );
}

/** Upstream calls since the last `clearCalls()`, as the sandbox counted them. */
export async function calls() {
  return (await fetch(`${demo.upstreams}/sandbox/calls`)).json();
}

export async function clearCalls() {
  await fetch(`${demo.upstreams}/sandbox/calls`, { method: 'DELETE' });
}

/** Makes an upstream misbehave: `fault({ upstream: 'zaken', mode: 'hang' })`. */
export async function fault(what) {
  const response = await fetch(`${demo.upstreams}/sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(what),
  });
  if (!response.ok) throw new Error(`the sandbox refuses this fault: ${response.status} ${await response.text()}`);
}

export async function clearFaults() {
  await fetch(`${demo.upstreams}/sandbox/faults`, { method: 'DELETE' });
}

/** Logs in to wp-admin. Texts there are half translated, so that only ids are used. */
export async function loginAdmin(page) {
  await page.goto(`${site}/wp-login.php`);
  await page.fill('#user_login', admin.user);
  await page.fill('#user_pass', admin.password);
  await Promise.all([page.waitForURL(/wp-admin/), page.click('#wp-submit')]);
}

/**
 * Runs PHP inside the demo's WordPress (wp-admin's plugin functions included), for what a test cannot do through a
 * browser; returns what it prints, and fails with PHP's own message.
 */
export function wordpress(php) {
  const file = (name) => JSON.stringify(path.join(dir, 'site', name));
  const code = `define('WP_DISABLE_FATAL_ERROR_HANDLER', true); require_once ${file('wp-load.php')};`
    + ` require_once ${file('wp-admin/includes/plugin.php')}; ini_set('display_errors', 'stderr'); ${php}`;
  return execFileSync('php', ['-d', 'display_errors=stderr', '-r', code], { encoding: 'utf8' });
}
