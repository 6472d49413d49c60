// Asks the sandbox's ZGW APIs directly, as a second opinion on what the site shows.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { demo } from './lib.mjs';

function token() {
  const toml = readFileSync(demo.config, 'utf8');
  const [, clientId, secret] = /client_id = "([^"]+)"\nsecret = "([^"]+)"\nsubstatussen/.exec(toml);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({
    iss: clientId, iat: Math.floor(Date.now() / 1000), client_id: clientId, user_id: 'e2e', user_representation: 'e2e',
  })}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

export async function zgw(pathOrUrl) {
  const response = await fetch(new URL(pathOrUrl, demo.upstreams), {
    headers: { authorization: `Bearer ${token()}`, 'accept-crs': 'EPSG:4326' },
  });
  if (!response.ok) throw new Error(`${response.status} ${pathOrUrl} ${await response.text()}`);
  return response;
}

/** The documents of one zaak of a person: {titel, bestandsnaam, bestandsomvang, bytes()}. */
export async function documentsOf(bsn, zaaknummer) {
  const list = await (await zgw(
    `/zaken/api/v1/zaken?identificatie=${zaaknummer}&rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn=${bsn}`,
  )).json();
  const links = await (await zgw(`/zaken/api/v1/zaakinformatieobjecten?zaak=${encodeURIComponent(list.results[0].url)}`)).json();
  return Promise.all(links.map(async ({ informatieobject }) => {
    const document = await (await zgw(informatieobject)).json();
    return { ...document, bytes: async () => Buffer.from(await (await zgw(document.inhoud)).arrayBuffer()) };
  }));
}
