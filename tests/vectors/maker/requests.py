"""Requests that must be accepted."""

from .profile import FORM, NOW, Request, b64, foreign, get


def positive(name, about, request, now=NOW, client=True):
    request.name = name
    base, value = request.base(), request.mac()
    vector = {"name": name, "about": about, "now": now, "request": request.wire(), "base": base, "mac": b64(value)}
    path, mark, query = request.target.partition("?")
    if client:
        vector["client"] = {
            "method": request.method, "authority": request.host, "path": path, "query": query if mark else None,
            "authorization": request.token, "content_type": request.content_type, "body": b64(request.body),
            "created": request.created, "nonce": request.nonce, "keyid": request.keyid,
        }
    site = request.keyid.split("-")[1]
    vector["expect"] = {
        "site": site, "keyid": request.keyid, "nonce": request.nonce,
        "bearer": request.token.split(" ", 1)[1] if request.token else None,
        "content_type": request.content_type,
    }
    request.vector = vector
    return request


ODD_ORDERS = [
    ("created", "keyid", "expires", "nonce", "tag"),
    ("tag", "keyid", "nonce", "expires", "created"),
    ("nonce", "created", "tag", "expires", "keyid"),
]

REQUESTS = [
    positive("get-with-token", "A page of a resident, without a body.", get()),
    positive("post-json-with-token", "The page call.", Request()),
    positive("post-form-without-token", "Trading a handoff for a session token: there is no token yet.",
             Request(target="/v1/token", content_type=FORM, token=None,
                     body=b"grant_type=urn%3Azijspan%3Ahandoff&handoff=abc&browser_secret=def")),
    positive("get-without-token", "Status.", get("/v1/status", token=None)),
    positive("delete-with-body", "Logging out, with the CSRF token in the body.",
             Request(method="DELETE", target="/v1/session", body=b'{"csrf":"x"}')),
    positive("delete-without-body", "A DELETE without a body.", get(method="DELETE")),
    positive("put-admin", "An administration key.",
             Request(method="PUT", target="/v1/admin/policy", body=b'{"version":3}', token=None,
                     keyid="wp-demo-admin")),
    positive("query-absent", "No question mark: @query is a question mark alone.", get("/v1/zaken")),
    positive("query-empty", "Only a question mark: @query is the same.", get("/v1/zaken?")),
    positive("query-percent-encoded", "The query is signed as it is sent, never decoded.",
             get("/v1/zaken?q=dakkapel%20achter&jaar=2026&q=%C3%A9%2f%2F")),
    positive("query-with-plus-and-order", "Plus stays plus and parameters stay where they are.",
             get("/v1/zaken?b=1&a=2&b=+&c")),
    positive("query-with-question-mark", "Only the first question mark separates.", get("/v1/zaken?a=?&b=/")),
    positive("path-percent-encoded", "The path is signed as it is sent.", get("/v1/%7Aaken/a%2Fb;v=1")),
    positive("path-with-dots-and-slashes", "Nothing is tidied up; that no route has this path is not ours to say.",
             get("//v1/./zaken/../x")),
    positive("host-in-capitals", "@authority is in lower case.", get(host="LOCALHOST:8480")),
    positive("host-ipv6", "An address in brackets.", get(host="[::1]:8480")),
    positive("body-not-ascii", "The digest is over bytes.",
             Request(body='{"tekst":"Één café, 10 €"}'.encode())),
    positive("content-type-with-parameter", "The whole value is signed.",
             Request(content_type="application/json; charset=utf-8")),
    positive("second-key-of-the-site", "Both keys of a rotation are valid (6.3 line 19).", get(keyid="wp-demo-2")),
    positive("key-on-its-first-and-last-second", "not_before counts, not_after does not.",
             get(keyid="wp-demo-bounded")),
    positive("key-of-another-site", "The site comes from the key.", get(keyid="wp-other-1")),
    positive("created-as-old-as-allowed", "Sixty seconds ago, expiring now.", get(), now=NOW + 60),
    positive("created-as-far-ahead-as-allowed", "Five seconds ahead.", get(), now=NOW - 5),
    positive("expires-early", "A signature may live shorter.",
             get().param("expires", str(NOW + 1)), client=False),
    positive("alg-named", "The algorithm may be named, if it is the key's.",
             get().param("alg", '"hmac-sha256"'), client=False),
    *[positive(f"parameters-in-order-{'-'.join(order)}", "The order of parameters is the signer's.",
               get().order(*order), client=False) for order in ODD_ORDERS],
    positive("label-of-another-client", "A label means nothing.", get(label="sig1"), client=False),
    positive("uncovered-fields", "What is not covered is not read (6.3 line 16).", get(), client=False),
    positive("space-around-a-value", "Space around a field value is no part of it.", get(), client=False),
]
REQUESTS.append(Request(method="GET", target="/v1/session", body=b"", content_type=None))
REQUESTS[-1].extra_members = [foreign(), foreign("other", "another-tag")]
positive("members-of-others", "Signatures with other tags are left alone.", REQUESTS[-1], client=False)


def by_name(name):
    return next(r for r in REQUESTS if r.name == name)


for field, value in [
    ("X-HTTP-Method-Override", "DELETE"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-For", "10.0.0.1"),
    ("X-Original-URL", "/v1/admin/policy"), ("X-Tenant", "other"), ("X-BSN", "999990019"),
    ("Forwarded", "host=evil.example"),
]:
    by_name("uncovered-fields").add(field, value)
by_name("uncovered-fields").vector["request"] = by_name("uncovered-fields").wire()
by_name("space-around-a-value").set("Authorization", lambda v: f" \t{v} ")
by_name("space-around-a-value").vector["request"] = by_name("space-around-a-value").wire()
