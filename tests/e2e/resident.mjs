// What a resident does: logging in at the sandbox's identity provider, walking to a zaak, logging out. Everything here
// works with JavaScript switched off as well.
import { demo, site } from './lib.mjs';

export const paths = { overview: '/mijn-zaken/', zaak: '/zaak/', login: '/inloggen/', front: '/' };

/** Follows the first login link of the page at `from`, up to the provider's page. */
export async function toProvider(page, from = paths.overview) {
  await page.goto(site + from);
  await page.locator('.owc-zijspan a[href*="zijspan=login"]').first().click();
  await page.waitForURL(`${demo.idp}/**`);
}

/** Chooses somebody: a person of the demo, optionally one branch of it. */
export async function choose(page, person, branch) {
  const index = demo.persons.indexOf(person);
  const value = branch === undefined ? `${index}` : `${index}/${branch}`;
  await page.locator(`button[name="person"][value="${value}"]`).click();
  await page.waitForURL(`${site}/**`);
}

export async function logIn(page, person, { from = paths.overview, branch } = {}) {
  await toProvider(page, from);
  await choose(page, person, branch);
}

/** The link of the n-th zaak of an overview. */
export const zaakLinks = (page) => page.locator('.owc-zijspan-mijn-zaken :is(.denhaag-case-card__action, .utrecht-table__cell--title a)');

export async function openZaak(page, index = 0) {
  await zaakLinks(page).nth(index).click();
  await page.waitForURL((url) => url.pathname === paths.zaak);
}

/** From the page with the block Inloggen. */
export async function logOut(page) {
  await page.goto(site + paths.login);
  await page.locator('.owc-zijspan-inloggen__bar form[data-zijspan-form="logout"] button').click();
  await page.waitForURL(`${site}/**`);
}

/** The session's token as the browser holds it, or undefined. */
export async function sessionCookie(context) {
  return (await context.cookies(site)).find(({ name }) => name === '__Host-zijspan');
}
