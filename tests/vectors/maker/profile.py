"""The profile: keys, digests, signature bases, and requests that can be spoilt before or after signing."""

import base64
import hashlib
import hmac

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
