// A visitor without a browser: keeps cookies, follows nothing by itself. For what a browser does not show (headers,
// the text of a page as it was sent) and for logging in fast.
import { demo, site } from './lib.mjs';

export class Visitor {
  cookies = new Map();

  /** Set-Cookie lines as they were sent, in order. */
  setCookies = [];

  async request(url, { headers = {}, ...init } = {}) {
    const target = new URL(url, site);
    const own = target.origin === new URL(site).origin;
    const response = await fetch(target, {
      redirect: 'manual',
      ...init,
      headers: {
        accept: 'text/html',
        ...(own && this.cookies.size ? { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...headers,
      },
    });
    for (const line of own ? setCookieLines(response.headers) : []) {
      this.setCookies.push(line);
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === '' || /max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  get(url, headers) {
    return this.request(url, { headers });
  }

  post(url, fields, headers = {}) {
    return this.request(url, {
      method: 'POST',
      headers: { origin: site, 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /** The page as a browser reads it: with its entities decoded. */
  async text(url) {
    return decode(await (await this.get(url)).text());
  }

  /** From a page of the site to the provider and back: the address that the plugin trades for a session. */
  async handoff(person, { from = '/mijn-zaken/', branch } = {}) {
    const begun = await this.get(`/?zijspan=login&idp=digid&return_to=${encodeURIComponent(from)}`);
    const provider = begun.headers.get('location');
    const index = demo.persons.indexOf(person);
    const chosen = await this.post(`${demo.idp}/authorize`, {
      ...Object.fromEntries(new URL(provider).searchParams),
      person: branch === undefined ? `${index}` : `${index}/${branch}`,
    });
    const callback = await this.get(chosen.headers.get('location'));
    return callback.headers.get('location');
  }

  async logIn(person, options) {
    const response = await this.get(await this.handoff(person, options));
    if (!this.cookies.has('__Host-zijspan')) throw new Error(`no session: ${response.status} ${await response.text()}`);
    return response;
  }

  get token() {
    return this.cookies.get('__Host-zijspan');
  }
}

export const decode = (html) => html
  .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
  .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
  .replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Node 18's fetch joins several Set-Cookie headers with a comma. */
function setCookieLines(headers) {
  const list = headers.getSetCookie?.() ?? [];
  return list.length ? list : (headers.get('set-cookie') ?? '').split(/,(?=\s*__Host-|\s*wordpress|\s*wp-)/).map((line) => line.trim()).filter(Boolean);
}

export async function loggedIn(person, options) {
  const visitor = new Visitor();
  await visitor.logIn(person, options);
  return visitor;
}

/** Gives a browser the session of a login that went by HTTP, which is faster than clicking through it again. */
export async function enter(context, person, options) {
  await context.clearCookies();
  const { token } = await loggedIn(person, options);
  await context.addCookies([{ name: '__Host-zijspan', value: token, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' }]);
  return token;
}
