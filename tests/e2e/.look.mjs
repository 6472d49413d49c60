import { open, screenshot, site, persons, demo } from './lib.mjs';
import * as r from './resident.mjs';
const b = await open(); const page = await b.page();
page.on('console', m => console.log('console', m.type(), m.text()));
page.on('response', x => x.status() >= 400 && console.log(x.status(), x.url()));
async function both(name) { for (const w of [1280, 360]) { await page.setViewportSize({width:w,height:900}); await screenshot(page, `look-${name}-${w}`);} await page.setViewportSize({width:1280,height:900}); }
await page.goto(site+'/mijn-zaken/'); await both('out-overview');
await page.goto(site+'/zaak/'); await both('out-zaak');
await page.goto(site+'/'); await both('out-front');
await r.toProvider(page, '/mijn-zaken/'); console.log(page.url()); await both('idp');
await page.locator('button[value="cancel"]').click(); await page.waitForURL(site+'/**'); console.log('cancel', page.url()); await both('cancel');
await r.logIn(page, persons.many); console.log('in', page.url()); await both('overview');
await r.openZaak(page, 0); console.log('zaak', page.url()); await both('zaak');
await page.goto(site+'/inloggen/'); await both('login-in');
await page.goto(site+'/'); await both('front-in');
console.log(JSON.stringify(await b.context.cookies()));
await page.goto(site+'/inloggen/');
await r.logOut(page); console.log('out', page.url()); await both('logged-out');
await b.close();
