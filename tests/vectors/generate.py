#!/usr/bin/env python3
"""Writes the test vectors of docs/signing.md, with nothing but Python's standard library.

This is an implementation of the profile of its own: it shares no code with the Rust verifier or the
PHP shim, so that a mistake would have to be made three times. The output is the same on every run.

    generate.py           write the files next to this script
    generate.py --check   write nothing, exit 1 if a file is not what this script makes
"""

import base64
import hashlib
import hmac
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
NOW = 1790000000
HOST = "localhost:8480"
TOKEN = "Bearer c2Vzc2lvbi10b2tlbi1vZi1hLXRlc3Q"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
REQUEST_TAG = "zijspan-request-v1"
RESPONSE_TAG = "zijspan-response-v1"


def b64(data):
    return base64.b64encode(data).decode()


def digest(body):
    return f"sha-256=:{b64(hashlib.sha256(body).digest())}:"


def secret(keyid):
    return hashlib.sha256(b"zijspan test vector key " + keyid.encode()).digest()


def nonce(number):
    data = hashlib.sha256(b"zijspan test vector nonce %d" % number).digest()[:16]
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def mac(key, base):
    return hmac.new(key, base.encode(), hashlib.sha256).digest()


def base_of(lines, params):
    return "\n".join([f"{name}: {value}" for name, value in lines] + [f'"@signature-params": {params}'])


# --- keys ------------------------------------------------------------------------------------------


def key(number, site="demo", scopes=("pages",), **more):
    request, response = f"wp-{site}-{number}", f"zs-{site}-{number}"
    return {
        "site": site,
        "scopes": list(scopes),
        "status": more.get("status", "active"),
        "not_before": more.get("not_before"),
        "not_after": more.get("not_after"),
        "request": {"keyid": request, "secret": b64(secret(request))},
        "response": {"keyid": response, "secret": b64(secret(response))},
    }


KEYS = [
    key("1"),
    key("2"),
    key("admin", scopes=("admin", "diagnose")),
    key("early", not_before=NOW + 1),
    key("late", not_after=NOW),
    key("bounded", not_before=NOW, not_after=NOW + 1),
    key("retired", status="retired"),
    key("revoked", status="revoked"),
    key("1", site="other"),
]

# --- requests --------------------------------------------------------------------------------------


class Request:
    """A request of the profile, of which any part can be spoilt before or after it is signed."""

    counter = 0

    def __init__(self, method="POST", target="/v1/page", body=b'{"parts":[]}', content_type=JSON,
                 token=TOKEN, keyid="wp-demo-1", key=None, host=HOST, created=NOW, label="zijspan"):
        Request.counter += 1
        self.method, self.target, self.body, self.host = method, target, body, host
        self.content_type, self.token, self.label = content_type, token, label
        self.key = secret(keyid) if key is None else key
        self.keyid = keyid
        self.digest = digest(body)
        self.components = ["@method", "@authority", "@path", "@query", "content-digest"]
        if token is not None:
            self.components.append("authorization")
        if content_type is not None:
            self.components.append("content-type")
        self.nonce = nonce(Request.counter)
        self.created = created
        # Pairs of a name and its text, so that a name can stand there twice.
        self.params = [
            ("created", str(created)), ("expires", str(created + 60)), ("nonce", f'"{self.nonce}"'),
            ("keyid", f'"{keyid}"'), ("tag", f'"{REQUEST_TAG}"'),
        ]
        self.list_text = None
        self.extra_members = []
        self.replaced = {}
        self.signed_headers = None

    # What is changed with these is part of what is signed.

    def param(self, name, text):
        """Gives a parameter another text, or adds it; None leaves it out."""
        if text is None:
            self.params = [p for p in self.params if p[0] != name]
        elif any(p[0] == name for p in self.params):
            self.params = [(n, text if n == name else t) for n, t in self.params]
        else:
            self.params.append((name, text))
        return self

    def order(self, *names):
        self.params.sort(key=lambda p: names.index(p[0]))
        return self

    def values(self):
        path, mark, query = self.target.partition("?")
        return {
            "@method": self.method, "@authority": self.host.lower(), "@path": path, "@query": "?" + query,
            "content-digest": self.digest, "authorization": self.token, "content-type": self.content_type,
        }

    def params_text(self):
        listed = self.list_text or "(" + " ".join(f'"{c}"' for c in self.components) + ")"
        return listed + "".join(f";{n}" if t is None else f";{n}={t}" for n, t in self.params)

    def base(self):
        values = self.values()
        return base_of([(f'"{c}"', values[c]) for c in self.components], self.params_text())

    def mac(self):
        return mac(self.key, self.base())

    def headers(self):
        """The header lines as pairs, in the order of the wire."""
        if self.signed_headers is not None:
            return self.signed_headers
        lines = [["Host", self.host]]
        if self.token is not None:
            lines.append(["Authorization", self.token])
        if self.content_type is not None:
            lines.append(["Content-Type", self.content_type])
        lines.append(["Content-Digest", self.digest])
        inputs = [(self.label, self.params_text())]
        macs = [(self.label, f":{b64(self.mac())}:")]
        for label, text, value in self.extra_members:
            inputs.append((label, text))
            macs.append((label, value))
        lines.append(["Signature-Input", ", ".join(f"{k}={v}" for k, v in inputs)])
        lines.append(["Signature", ", ".join(f"{k}={v}" for k, v in macs)])
        return lines

    # What is changed with these is changed behind the signer's back.

    def freeze(self):
        """From here on nothing is signed again."""
        self.signed_headers = self.headers()
        return self

    def set(self, name, value):
        self.freeze()
        for line in self.signed_headers:
            if line[0].lower() == name.lower():
                line[1] = value(line[1]) if callable(value) else value
        return self

    def add(self, name, value):
        self.freeze()
        if value is None:
            value = next(v for n, v in self.signed_headers if n.lower() == name.lower())
        self.signed_headers.append([name, value])
        return self

    def drop(self, name):
        self.freeze()
        self.signed_headers = [line for line in self.signed_headers if line[0].lower() != name.lower()]
        return self

    def send(self, **parts):
        self.freeze()
        for name, value in parts.items():
            setattr(self, name, value)
        return self

    def wire(self):
        return {"method": self.method, "target": self.target, "headers": self.headers(), "body": b64(self.body)}


def get(target="/v1/session", **more):
    return Request(**{"method": "GET", "target": target, "body": b"", "content_type": None, **more})


def foreign(label="proxy", tag="edge-proxy"):
    """A member of somebody else, as a proxy in between may add one."""
    return (label, f'("@method");created={NOW};keyid="edge-1";tag="{tag}"', f":{b64(b'not for us to judge')}:")


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

# --- negative requests -----------------------------------------------------------------------------

NEGATIVE = []


def refuse(line, name, reason, request, now=NOW, about=None, **more):
    vector = {"name": name, "line": line, "now": now, "request": request.wire(), "reason": reason, **more}
    if about:
        vector["about"] = about
    NEGATIVE.append(vector)


def spoilt_mac(change):
    request = get()
    raw = request.mac()
    return request.set("Signature", f"zijspan={change(raw)}")


def two_members(first, second, reason, name, about):
    """Two signatures with our tag, each a label and a request that made it."""
    (label_a, a), (label_b, b) = first, second
    a.freeze()
    a.set("Signature-Input", f"{label_a}={a.params_text()}, {label_b}={b.params_text()}")
    a.set("Signature", f"{label_a}=:{b64(a.mac())}:, {label_b}=:{b64(b.mac())}:")
    refuse(10, name, reason, a, about=about)


# 1 replay
refuse(1, "replay", "replayed", get(), sent_before=True, about="The same request was accepted a moment ago.")
refuse(1, "replay-at-the-end-of-its-life", "replayed", get(), now=NOW + 60, sent_before=True)

# 2 created
refuse(2, "created-too-old", "created", get(), now=NOW + 61)
refuse(2, "created-in-the-future", "created", get(), now=NOW - 6)
refuse(2, "created-missing", "parameters", get().param("created", None))
refuse(2, "created-negative", "parameters", get().param("created", "-1"))
refuse(2, "created-2-63", "field_syntax", get().param("created", "9223372036854775808"))
refuse(2, "created-largest-integer", "created",
       get().param("created", "999999999999999").param("expires", "999999999999999"))
refuse(2, "created-float", "parameters", get().param("created", f"{NOW}.0"))
refuse(2, "created-string", "parameters", get().param("created", f'"{NOW}"'))
refuse(2, "created-without-value", "parameters", get().param("tag", f'"{REQUEST_TAG}";created').param("created", None))
twice = get()
twice.params.insert(1, ("created", str(NOW)))
refuse(2, "created-twice", "not_strict", twice)
twice = get()
twice.params.append(("created", str(NOW - 3600)))
refuse(2, "created-twice-different", "not_strict", twice)
refuse(2, "created-with-leading-zero", "not_strict", get().param("created", f"0{NOW}"))

# 3 expires
refuse(3, "expires-before-created", "expires", get().param("expires", str(NOW - 1)))
refuse(3, "expires-equal-to-created", "expires", get().param("expires", str(NOW)))
refuse(3, "expires-too-late", "expires", get().param("expires", str(NOW + 61)))
refuse(3, "expires-missing", "parameters", get().param("expires", None))
refuse(3, "expires-string", "parameters", get().param("expires", f'"{NOW + 60}"'))
refuse(3, "expired", "expired", get().param("expires", str(NOW + 10)), now=NOW + 11)

# 4 a component is not covered
for dropped in ["@method", "@authority", "@path", "@query", "content-digest", "content-type"]:
    request = Request()
    request.components.remove(dropped)
    reason = "body_presence" if dropped == "content-type" else "components"
    refuse(4, f"without-{dropped.strip('@')}", reason, request)
request = Request()
request.components.remove("authorization")
refuse(4, "without-authorization", "not_covered", request, about="A token that anybody could have put there.")
request = get()
request.components = ["@method", "@authority", "@query", "@path", "content-digest", "authorization"]
refuse(4, "components-in-another-order", "components", request)
request = get()
request.components.append("@method")
refuse(4, "component-twice", "components", request)
request = get()
request.components[1] = "host"
request.values = lambda r=request, v=get().values: {**Request.values(r), "host": HOST}
refuse(4, "host-instead-of-authority", "components", request)
for flag in ["sf", "bs", "tr", "req", 'key="sha-256"']:
    request = get()
    listed = [f'"{c}"' for c in request.components]
    listed[4] += f";{flag}"
    request.list_text = "(" + " ".join(listed) + ")"
    values = Request.values(request)
    params = request.params_text()
    request.base = lambda r=request, i=listed, v=values, p=params: base_of(
        [(name, v[c]) for name, c in zip(i, r.components)], p)
    refuse(4, f"component-parameter-{flag.split('=')[0]}", "components", request)
request = get()
request.list_text = "(" + " ".join(f'"{c}"' for c in request.components).replace('"@path"', "path") + ")"
refuse(4, "component-is-a-token", "components", request)

# 5 nothing is covered
request = get(token=None)
request.components = []
refuse(5, "nothing-covered", "components", request)

# 6 algorithm
for alg in ['"ed25519"', '"none"', '"HMAC-SHA256"', '"hmac-sha512"', '""', "hmac-sha256", "1"]:
    refuse(6, f"alg-{alg.strip(chr(34)) or 'empty'}-{'string' if alg[0] == chr(34) else 'other'}", "algorithm",
           get().param("alg", alg))
refuse(6, "key-id-as-secret", "mac", get(key=b"wp-demo-1"), about="What is public is no secret.")
refuse(6, "empty-secret", "mac", get(key=b""))
refuse(6, "parameter-unknown", "parameters", get().param("context", '"x"'), about="The profile is closed.")

# 7 another site
refuse(7, "key-id-of-another-site", "mac", get(keyid="wp-other-1", key=secret("wp-demo-1")))
refuse(7, "host-of-somebody-else", "authority", get(host="evil.example"))
refuse(7, "host-of-another-port", "authority", get(host="localhost:8481"))

# 8 key id
for name, keyid in [
    ("traversal", "../wp-demo-1"), ("unknown", "wp-demo-9"), ("empty", ""), ("case", "WP-DEMO-1"),
    ("space", "wp-demo-1 "), ("wildcard", "*"), ("response-key", "zs-demo-1"), ("65-characters", "a" * 65),
]:
    refuse(8, f"keyid-{name}", "unknown_key", get(key=secret("wp-demo-1")).param("keyid", f'"{keyid}"'))
refuse(8, "keyid-escaped-quote", "unknown_key", get().param("keyid", '"wp-demo-1\\""'))
refuse(8, "keyid-needless-escape", "field_syntax", get().param("keyid", '"wp\\-demo-1"'))
refuse(8, "keyid-10-kb", "field_length", get().param("keyid", f'"{"a" * 10240}"'))
refuse(8, "keyid-token", "parameters", get().param("keyid", "wp-demo-1"))
refuse(8, "keyid-missing", "parameters", get().param("keyid", None))
twice = get()
twice.params.append(("keyid", '"wp-other-1"'))
refuse(8, "keyid-twice", "not_strict", twice)

# 9 the bytes of the signature
for name, reason, change in [
    ("16-bytes", "mac_length", lambda m: f":{b64(m[:16])}:"),
    ("31-bytes", "mac_length", lambda m: f":{b64(m[:31])}:"),
    ("33-bytes", "mac_length", lambda m: f":{b64(m + bytes(1))}:"),
    ("empty", "mac_length", lambda m: "::"),
    ("all-zero", "mac", lambda m: f":{b64(bytes(32))}:"),
    ("one-bit", "mac", lambda m: f":{b64(bytes([m[0] ^ 1]) + m[1:])}:"),
    ("base64url", "field_syntax", lambda m: f":{b64(b'%c' % 251 + m[1:]).replace('+', '-')}:"),
    ("more-padding", "field_syntax", lambda m: f":{b64(m)}==:"),
    ("without-padding", "not_strict", lambda m: f":{b64(m).rstrip('=')}:"),
    ("string", "field_syntax", lambda m: f'"{b64(m)}"'),
    ("with-parameter", "field_syntax", lambda m: f":{b64(m)}:;v=1"),
    ("inner-list", "field_syntax", lambda m: f"(:{b64(m)}:)"),
]:
    refuse(9, f"signature-{name}", reason, spoilt_mac(change))

# 10 more than one
refuse(10, "two-signature-input-lines", "field_lines", get().add("Signature-Input", None))
refuse(10, "two-signature-lines", "field_lines", get().add("Signature", None))
refuse(10, "no-signature-input", "field_lines", get().drop("Signature-Input"))
refuse(10, "no-signature", "field_lines", get().drop("Signature"))
request = get()
refuse(10, "label-twice", "duplicate_label",
       request.set("Signature-Input", lambda v: f"{v}, {v}"))
request = get()
refuse(10, "label-twice-in-signature", "duplicate_label",
       request.set("Signature", lambda v: f"zijspan=:{b64(bytes(32))}:, {v}"))
two_members(("a", get()), ("b", get()), "two_signatures", "two-good-members", "Both would be valid.")
two_members(("good", get()), ("bad", get(key=bytes(32))), "two_signatures", "good-member-then-bad", None)
two_members(("bad", get(key=bytes(32))), ("good", get()), "two_signatures", "bad-member-then-good", None)
request = get()
request.extra_members = [foreign()]
good = f":{b64(request.mac())}:"
refuse(10, "labels-swapped", "mac_length",
       request.set("Signature", f"zijspan={foreign()[2]}, proxy={good}"))
request = get()
request.extra_members = [(f"m{n}", *foreign()[1:]) for n in range(4)]
refuse(10, "five-members", "too_many_members", request)
request = get()
refuse(10, "label-only-in-signature-input", "labels_differ", request.set("Signature", lambda v: v.replace("zijspan", "other")))
request = get()
refuse(10, "label-only-in-signature", "labels_differ", request.set("Signature", lambda v: f"{v}, extra=:AAAA:"))
refuse(10, "tag-of-somebody-else", "no_signature", get().param("tag", '"fapi-2-request"'))
refuse(10, "tag-missing", "no_signature", get().param("tag", None))
refuse(10, "tag-token", "no_signature", get().param("tag", REQUEST_TAG))
refuse(10, "tag-case", "no_signature", get().param("tag", f'"{REQUEST_TAG.upper()}"'))
refuse(10, "signature-input-too-long", "field_length",
       get().set("Signature-Input", lambda v: v + ', x=("@method");tag="' + "x" * 2048 + '"'))
refuse(10, "signature-too-long", "field_length", get().set("Signature", lambda v: v + ", x=:" + "A" * 2048 + ":"))
refuse(10, "signature-input-not-a-dictionary", "field_syntax", get().set("Signature-Input", "(("))
refuse(10, "signature-input-empty", "no_signature", get().set("Signature-Input", "").set("Signature", ""))
refuse(10, "space-in-the-list", "not_strict", get().set("Signature-Input", lambda v: v.replace('" "', '"  "', 1)))
refuse(10, "space-before-a-parameter", "not_strict", get().set("Signature-Input", lambda v: v.replace(";nonce", "; nonce")))

# 11 covered fields on two lines
refuse(11, "content-type-twice", "covered_field", Request().add("Content-Type", "text/html"))
refuse(11, "authorization-twice", "covered_field", Request().add("Authorization", "Bearer other"))
refuse(11, "authorization-twice-the-same", "covered_field", Request().add("Authorization", TOKEN))
refuse(11, "content-digest-good-and-bad", "covered_field", Request().add("Content-Digest", digest(b"other")))
request = Request()
request.freeze().signed_headers.insert(1, ["Content-Digest", digest(b"other")])
refuse(11, "content-digest-bad-and-good", "covered_field", request)
refuse(11, "host-twice", "authority", get().add("Host", HOST))
refuse(11, "content-type-missing", "covered_field", Request().drop("Content-Type"))
refuse(11, "authorization-missing", "covered_field", Request().drop("Authorization"))
refuse(11, "content-digest-missing", "covered_field", Request().drop("Content-Digest"))

# 12 body and digest
refuse(12, "body-swapped", "digest", Request().send(body=b'{"parts":[1]}'))
refuse(12, "body-with-a-space-after-it", "digest", Request().send(body=b'{"parts":[]} '))
refuse(12, "body-cut-off", "digest", Request().send(body=b'{"parts":['))
refuse(12, "body-swapped-with-its-digest", "mac",
       Request().send(body=b'{"parts":[1]}').set("Content-Digest", digest(b'{"parts":[1]}')))
for name, field in [
    ("md5", f"md5=:{b64(hashlib.md5(b'{}').digest())}:"),
    ("sha-1", f"sha=:{b64(hashlib.sha1(b'{}').digest())}:"),
    ("sha-512", f"sha-512=:{b64(hashlib.sha512(b'{}').digest())}:"),
    ("sha-256-and-sha-512", f"{digest(b'{}')}, sha-512=:{b64(hashlib.sha512(b'{}').digest())}:"),
    ("sha-256-twice", f"{digest(b'other')}, {digest(b'{}')}"),
    ("with-a-parameter", f"{digest(b'{}')};q=1"),
    ("in-hexadecimal", f"sha-256={hashlib.sha256(b'{}').hexdigest()}"),
    ("of-31-bytes", f"sha-256=:{b64(hashlib.sha256(b'{}').digest()[:31])}:"),
    ("in-capitals", digest(b"{}").replace("sha", "SHA")),
    ("empty", ""),
]:
    request = Request(body=b"{}")
    request.digest = field
    refuse(12, f"digest-{name}", "digest_form", request)
request = get()
request.digest = digest(b"{}")
refuse(12, "digest-of-something-without-a-body", "digest", request)
refuse(12, "content-type-without-a-body", "body_presence", Request(body=b""))

# 13 as far as the signature layer sees it
request = get()
refuse(13, "get-with-a-body", "body_presence", request.send(body=b"{}"))
refuse(13, "absolute-form", "target", get().send(target="http://localhost:8480/v1/session"))
refuse(13, "absolute-form-of-another-host", "target", get().send(target="http://evil.example/v1/session"))
refuse(13, "asterisk-form", "target", get("*", method="OPTIONS"))
refuse(13, "host-missing", "authority", get().drop("Host"))
refuse(13, "host-changed", "mac", get().set("Host", "[::1]:8480"), about="Both are names of this listener.")

# 14 the path on the wire is not the path that was signed
for name, signed, sent in [
    ("percent-decoded", "/v1/%7Aaken", "/v1/zaken"), ("percent-encoded", "/v1/zaken", "/v1/%7Aaken"),
    ("double-slash", "/v1/zaken", "//v1/zaken"), ("dot-segment", "/v1/zaken", "/v1/./zaken"),
    ("encoded-slash", "/v1/zaken", "/v1/zaken%2f.."), ("parameter", "/v1/zaken", "/v1/zaken;a=1"),
    ("hex-case", "/v1/a%2Fb", "/v1/a%2fb"), ("trailing-slash", "/v1/zaken", "/v1/zaken/"),
    ("other-path", "/v1/session", "/v1/admin/policy"),
]:
    refuse(14, f"path-{name}", "mac", get(signed).send(target=sent))
refuse(14, "host-with-a-dot", "authority", get(host="localhost.:8480"))
refuse(14, "host-with-default-port", "authority", get(host="localhost:443"))
refuse(14, "host-without-port", "authority", get(host="localhost"))
refuse(14, "host-with-user", "authority", get(host="x@localhost:8480"))
refuse(14, "method-changed", "mac", get().send(method="DELETE"))
refuse(14, "method-in-lower-case", "mac", get().send(method="get"))

# 15 the query on the wire is not the query that was signed
for name, signed, sent in [
    ("added", "/v1/zaken", "/v1/zaken?a=1"), ("removed", "/v1/zaken?a=1", "/v1/zaken"),
    ("duplicated", "/v1/zaken?a=1", "/v1/zaken?a=1&a=1"), ("reordered", "/v1/zaken?a=1&b=2", "/v1/zaken?b=2&a=1"),
    ("plus-for-space", "/v1/zaken?q=a%20b", "/v1/zaken?q=a+b"), ("decoded", "/v1/zaken?q=%7E", "/v1/zaken?q=~"),
    ("moved-to-the-path", "/v1/zaken?a=1", "/v1/zaken/a=1"),
]:
    refuse(15, f"query-{name}", "mac", get(signed).send(target=sent))

# 17 the wrong direction
reflected = get()
answer = base_of(
    [('"@status"', "200"), ('"content-type"', JSON), ('"content-digest"', digest(b"{}"))],
    f'("@status" "content-type" "content-digest");created={NOW};nonce="{nonce(1)}";keyid="zs-demo-1"'
    f';tag="{RESPONSE_TAG}"')
reflected.set("Signature-Input", "zijspan=" + answer.rsplit('"@signature-params": ', 1)[1])
reflected.set("Signature", f"zijspan=:{b64(mac(secret('zs-demo-1'), answer))}:")
refuse(17, "response-signature-as-request", "no_signature", reflected)
refuse(17, "response-key-for-a-request", "mac", get(key=secret("zs-demo-1")))
refuse(17, "response-key-under-its-own-id", "unknown_key", get(keyid="zs-demo-1"))
refuse(17, "response-tag", "no_signature", get().param("tag", f'"{RESPONSE_TAG}"'))

# 19 keys out of use
refuse(19, "key-not-yet-valid", "key_not_yet_valid", get(keyid="wp-demo-early"))
refuse(19, "key-no-longer-valid", "key_retired", get(keyid="wp-demo-late"))
refuse(19, "key-retired", "key_retired", get(keyid="wp-demo-retired"))
refuse(19, "key-revoked", "key_revoked", get(keyid="wp-demo-revoked"))
refuse(19, "key-revoked-with-wrong-mac", "mac", get(keyid="wp-demo-revoked", key=secret("wp-demo-1")))

# nonces and tokens that are no such thing
for name, text in [
    ("21-characters", f'"{nonce(1)[:21]}"'), ("23-characters", f'"{nonce(1)}A"'), ("empty", '""'),
    ("standard-base64", '"++++++++++++++++++++++"'), ("padded", f'"{nonce(1)}=="'),
    ("loose-last-character", '"AAAAAAAAAAAAAAAAAAAAAB"'),
]:
    refuse(1, f"nonce-{name}", "nonce_form", get().param("nonce", text),
           about="Two spellings of one nonce would be two nonces.")
refuse(1, "nonce-token", "parameters", get().param("nonce", "abc"))
refuse(1, "nonce-missing", "parameters", get().param("nonce", None))
refuse(11, "authorization-not-ascii", "covered_bytes", get(token="Bearer caf\u00e9"))
refuse(11, "authorization-with-a-tab", "covered_bytes", get(token="Bearer a\tb"))

# --- responses -------------------------------------------------------------------------------------


class Response:
    def __init__(self, request="post-json-with-token", status=200, body=b'{"parts":[]}', content_type=JSON):
        self.request = by_name(request)
        self.status, self.body, self.content_type = status, body, content_type
        self.digest = digest(body)
        number = self.request.keyid.rsplit("-", 1)[1]
        self.keyid = f"zs-{self.request.keyid.split('-')[1]}-{number}"
        self.key = secret(self.keyid)
        self.covered = list(self.request.components)
        self.values = self.request.values()
        self.label = "zijspan"
        self.own = ["@status", "content-type", "content-digest"]
        self.params = [("created", str(NOW + 1)), ("nonce", f'"{self.request.nonce}"'),
                       ("keyid", f'"{self.keyid}"'), ("tag", f'"{RESPONSE_TAG}"')]
        self.frozen = None

    param = Request.param
    order = Request.order

    def params_text(self):
        listed = [f'"{c}"' for c in self.own] + [f'"{c}";req' for c in self.covered]
        return f"({' '.join(listed)})" + "".join(f";{n}={t}" for n, t in self.params)

    def base(self):
        own = {"@status": f"{self.status:03}", "content-type": self.content_type, "content-digest": self.digest}
        lines = [(f'"{c}"', own[c]) for c in self.own]
        lines += [(f'"{c}";req', self.values[c]) for c in self.covered]
        return base_of(lines, self.params_text())

    def mac(self):
        return mac(self.key, self.base())

    def headers(self):
        return self.frozen or [
            ["Content-Type", self.content_type], ["Content-Digest", self.digest],
            ["Signature-Input", f"{self.label}={self.params_text()}"],
            ["Signature", f"{self.label}=:{b64(self.mac())}:"],
        ]

    def freeze(self):
        self.frozen = self.headers()
        return self

    def set(self, name, value):
        self.freeze()
        for line in self.frozen:
            if line[0] == name:
                line[1] = value(line[1]) if callable(value) else value
        return self

    def add(self, name, value=None):
        self.freeze()
        self.frozen.append([name, value or next(v for n, v in self.frozen if n == name)])
        return self

    def drop(self, *names):
        self.freeze()
        self.frozen = [line for line in self.frozen if line[0] not in names]
        return self

    def send(self, **parts):
        self.freeze()
        for name, value in parts.items():
            setattr(self, name, value)
        return self

    def wire(self):
        return {"status": self.status, "headers": self.headers(), "body": b64(self.body)}


RESPONSES, NEGATIVE_RESPONSES = [], []


def answered(name, about, response, signer=True):
    vector = {"name": name, "about": about, "request": response.request.name, "response": response.wire(),
              "base": response.base(), "mac": b64(response.mac()), "keyid": response.keyid, "created": NOW + 1}
    vector["canonical"] = signer
    RESPONSES.append(vector)


def refused(name, reason, response, about=None):
    vector = {"name": name, "line": 17, "request": response.request.name, "response": response.wire(),
              "reason": reason}
    if about:
        vector["about"] = about
    NEGATIVE_RESPONSES.append(vector)


PROBLEM = "application/problem+json"
answered("page", "The answer to the page call.", Response())
answered("get", "The answer to a request without a body.", Response("get-with-token", body=b'{"loa":"substantial"}'))
answered("token", "The answer to a request without a token.",
         Response("post-form-without-token", body=b'{"access_token":"x"}'))
answered("session-ended", "A signed 401: the session, not the signature.",
         Response(status=401, content_type=PROBLEM, body=b'{"type":"urn:zijspan:problem:session"}'))
answered("unavailable", "A signed 503.", Response(status=503, content_type=PROBLEM, body=b'{}'))
answered("deleted", "A DELETE answers 200 with an empty object.", Response("delete-with-body", body=b"{}"))
answered("query", "The query of the request comes back as it was sent.", Response("query-percent-encoded"))
answered("second-key", "The response key belongs to the request key.", Response("second-key-of-the-site"))
answered("media-type-with-parameter", "The media type is covered as sent.",
         Response(content_type="application/json; charset=utf-8"))
answered("not-ascii", "The digest is over bytes.", Response(body='{"naam":"Ümit"}'.encode()))
answered("parameters-in-another-order", "The order of parameters is the signer's.",
         Response().order("tag", "keyid", "nonce", "created"), signer=False)
answered("alg-named", "The algorithm may be named.", Response().param("alg", '"hmac-sha256"'), signer=False)
answered("fields-that-are-not-covered", "What is not covered is not believed.",
         Response().add("X-Zijspan-Trace", "abc"), signer=False)

refused("stripped", "field_lines", Response().drop("Signature", "Signature-Input"))
refused("stripped-but-401", "field_lines", Response(status=401).drop("Signature", "Signature-Input"))
refused("signature-without-input", "field_lines", Response().drop("Signature-Input"))
refused("input-without-signature", "field_lines", Response().drop("Signature"))
refused("other-nonce", "wrong_nonce", Response().param("nonce", f'"{nonce(999)}"'))
refused("nonce-missing", "parameters", Response().param("nonce", None))
refused("nonce-changed-afterwards", "wrong_nonce",
        Response().set("Signature-Input", lambda v: v.replace(by_name("post-json-with-token").nonce, nonce(998))))
refused("other-status", "mac", Response().send(status=500), about="A failure that was signed as a success, or back.")
refused("failure-made-success", "mac", Response(status=500).send(status=200))
refused("body-swapped", "digest", Response().send(body=b'{"parts":[1]}'))
refused("body-cut-off", "digest", Response().send(body=b'{"parts":['))
refused("body-empty", "digest", Response().send(body=b""))
refused("body-swapped-with-its-digest", "mac",
        Response().send(body=b"{}").set("Content-Digest", digest(b"{}")))
request_key = Response()
request_key.key = secret("wp-demo-1")
refused("request-key-reused", "mac", request_key)
request_key = Response().param("keyid", '"wp-demo-1"')
request_key.key = secret("wp-demo-1")
refused("request-key-under-its-own-id", "wrong_response_key", request_key)
other_key = Response().param("keyid", '"zs-demo-2"')
other_key.key = secret("zs-demo-2")
refused("response-key-of-another-request-key", "wrong_response_key", other_key)
other_site = Response().param("keyid", '"zs-other-1"')
other_site.key = secret("zs-other-1")
refused("response-key-of-another-site", "wrong_response_key", other_site)
other_request = Response()
other_request.values = by_name("query-percent-encoded").values() | {
    "content-type": JSON, "authorization": TOKEN}
refused("components-of-another-request", "mac", other_request)
for component, value in [
    ("@method", "GET"), ("@authority", "evil.example"), ("@path", "/v1/other"), ("@query", "?x"),
    ("content-digest", digest(b"x")), ("authorization", "Bearer other"), ("content-type", FORM),
]:
    spoilt = Response()
    spoilt.values = {**spoilt.values, component: value}
    refused(f"{component.strip('@')}-of-another-request", "mac", spoilt)
refused("request-tag", "no_signature", Response().param("tag", f'"{REQUEST_TAG}"'))
refused("tag-missing", "no_signature", Response().param("tag", None))
refused("tag-twice", "not_strict", Response().param("tag", f'"x";tag="{RESPONSE_TAG}"'))
two = Response()
two.set("Signature-Input", lambda v: f"{v}, b={two.params_text()}")
two.set("Signature", lambda v: f"{v}, b=:{b64(two.mac())}:")
refused("two-members", "two_signatures", two)
refused("label-twice", "duplicate_label", Response().set("Signature", lambda v: f"zijspan=:{b64(bytes(32))}:, {v}"))
refused("labels-differ", "labels_differ", Response().set("Signature", lambda v: v.replace("zijspan", "x")))
refused("two-signature-input-lines", "field_lines", Response().add("Signature-Input"))
refused("two-signature-lines", "field_lines", Response().add("Signature"))
refused("content-digest-twice", "covered_field", Response().add("Content-Digest", digest(b"x")))
refused("content-type-twice", "covered_field", Response().add("Content-Type", "text/html"))
refused("content-digest-missing", "covered_field", Response().drop("Content-Digest"))
refused("content-type-changed", "mac", Response().set("Content-Type", "text/html"))
for dropped in ["@status", "content-type", "content-digest"]:
    weak = Response()
    weak.own.remove(dropped)
    refused(f"without-{dropped.strip('@')}", "components", weak)
weak = Response()
weak.covered.remove("authorization")
refused("without-authorization-of-the-request", "components", weak)
weak = Response()
weak.covered = []
refused("without-the-request", "components", weak)
weak = Response()
weak.own, weak.covered = [], []
refused("nothing-covered", "components", weak)
weak = Response()
weak.covered = weak.covered[::-1]
refused("request-components-in-another-order", "components", weak)
refused("created-missing", "parameters", Response().param("created", None))
refused("created-string", "parameters", Response().param("created", f'"{NOW}"'))
refused("created-negative", "parameters", Response().param("created", "-1"))
refused("parameter-unknown", "parameters", Response().param("context", '"x"'))
refused("alg-of-another-key", "algorithm", Response().param("alg", '"ed25519"'))
for name, change in [("16-bytes", lambda m: m[:16]), ("33-bytes", lambda m: m + bytes(1)), ("empty", lambda m: b"")]:
    short = Response()
    refused(f"signature-of-{name}", "mac_length", short.set("Signature", f"zijspan=:{b64(change(short.mac()))}:"))
zero = Response().set("Signature", f"zijspan=:{b64(bytes(32))}:")
refused("signature-all-zero", "mac", zero)
request_sent_back = Response()
echo = dict((n, v) for n, v in by_name("post-json-with-token").headers())
request_sent_back.set("Signature-Input", echo["Signature-Input"]).set("Signature", echo["Signature"])
refused("signature-of-the-request-sent-back", "no_signature", request_sent_back)

# --- of the standards ------------------------------------------------------------------------------

RFC_KEY = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
RFC_PARAMS = '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"'
RFC_LINES = [('"date"', "Tue, 20 Apr 2021 02:07:55 GMT"), ('"@authority"', "example.com"),
             ('"content-type"', "application/json")]
RFC_MAC = "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="
assert b64(mac(base64.b64decode(RFC_KEY), base_of(RFC_LINES, RFC_PARAMS))) == RFC_MAC

B25 = {
    "source": "RFC 9421, appendices B.1.5 (key), B.2 (message) and B.2.5 (signature)",
    "key": {"keyid": "test-shared-secret", "secret": RFC_KEY},
    "request": {"method": "POST", "target": "/foo?param=Value&Pet=dog", "headers": [
        ["Host", "example.com"], ["Date", "Tue, 20 Apr 2021 02:07:55 GMT"], ["Content-Type", "application/json"],
        ["Signature-Input", f"sig-b25={RFC_PARAMS}"], ["Signature", f"sig-b25=:{RFC_MAC}:"],
    ], "body": b64(b'{"hello": "world"}')},
    "lines": [list(line) for line in RFC_LINES],
    "params": RFC_PARAMS,
    "base": base_of(RFC_LINES, RFC_PARAMS),
    "mac": RFC_MAC,
}

DIGESTS = {
    "source": "RFC 9530 appendices B and D, and RFC 9421 appendix B.2",
    "vectors": [
        {"name": "hello-world", "body": b64(b'{"hello": "world"}'),
         "field": "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"},
        {"name": "hello-world-with-line-end", "body": b64(b'{"hello": "world"}\n'),
         "field": "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"},
        {"name": "empty", "body": "", "field": "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"},
    ],
}
for vector in DIGESTS["vectors"]:
    assert digest(base64.b64decode(vector["body"])) == vector["field"], vector["name"]

# --- files -----------------------------------------------------------------------------------------

FILES = {
    "keys.json": {"authorities": [HOST, "127.0.0.1:8480", "[::1]:8480"], "keys": KEYS},
    "requests.json": {"vectors": [r.vector for r in REQUESTS]},
    "negative.json": {"vectors": NEGATIVE},
    "responses.json": {"vectors": RESPONSES},
    "negative-responses.json": {"vectors": NEGATIVE_RESPONSES},
    "rfc9421-b25.json": B25,
    "rfc9530-digests.json": DIGESTS,
}


def main():
    stale = []
    for name, content in FILES.items():
        names = [v["name"] for v in content.get("vectors", [])]
        assert len(names) == len(set(names)), [n for n in names if names.count(n) > 1]
        text = json.dumps(content, indent=1, ensure_ascii=True) + "\n"
        path = HERE / name
        if "--check" not in sys.argv:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            stale.append(name)
        print(f"{name}: {len(names) or 1}")
    if stale:
        sys.exit(f"not what generate.py makes: {', '.join(stale)}")


main()
