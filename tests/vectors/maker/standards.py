"""What the standards themselves give."""

import base64

from .profile import b64, base_of, digest, mac

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
