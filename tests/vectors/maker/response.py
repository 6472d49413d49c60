"""An answer that can be spoilt before or after it is signed."""

from .profile import JSON, NOW, RESPONSE_TAG, Request, b64, base_of, digest, mac, secret
from .requests import by_name


class Response:
    def __init__(self, request="post-json-with-token", status=200, body=b'{"parts":[],"session":{}}',
                 content_type=JSON):
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
