"""Answers that the client must accept, and answers that it must refuse."""

from .profile import FORM, JSON, NOW, REQUEST_TAG, RESPONSE_TAG, TOKEN, b64, digest, nonce, secret
from .requests import by_name
from .response import Response

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
refused("expires-where-there-is-none", "parameters", Response().param("expires", str(NOW + 60)))
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
