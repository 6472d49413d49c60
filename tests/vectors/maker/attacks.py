"""Requests that must be refused, line by line of the attacks in docs/signing.md."""

import hashlib

from .profile import (
    HOST, JSON, NOW, REQUEST_TAG, RESPONSE_TAG, TOKEN, Request, b64, base_of, digest, foreign, get, mac, nonce, secret,
)

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
