import { calls, clearCalls, persons, site } from './lib.mjs';
import { loggedIn } from './http.mjs';
await clearCalls();
const v = await loggedIn(persons.many, {from:'/inloggen/'});
console.log(await calls()); await clearCalls();
const html = await v.text('/mijn-zaken/');
console.log(await calls(), html.length);
