#!/usr/bin/env python3
"""Checks the positive vectors with the PyPI package http-message-signatures, an RFC 9421 implementation
that has nothing to do with this project.

    pip install http-message-signatures && crosscheck.py

Prints "N passed, 0 failed" and exits 1 when anything failed.
"""

import base64
import json
import pathlib
import sys

from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms

HERE = pathlib.Path(__file__).parent


def load(name):
    return json.loads((HERE / name).read_text())


KEYS = {}
for pair in load("keys.json")["keys"]:
    for side in ("request", "response"):
        KEYS[pair[side]["keyid"]] = base64.b64decode(pair[side]["secret"])


class Keys(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id):
        return KEYS.get(key_id)


class Verifier(HTTPMessageVerifier):
    """The vectors have a clock of their own; time is checked by the readers that can be given one."""

    def validate_created_and_expires(self, sig_input, max_age=None):
        pass


class Message:
    def __init__(self, headers):
        # Names are told apart without regard to case; no positive vector repeats a covered field.
        self.headers = {name.lower(): value.strip(" \t") for name, value in headers}


class Request(Message):
    def __init__(self, request):
        super().__init__(request["headers"])
        self.method = request["method"]
        self.url = f"http://{self.headers['host']}{request['target']}"


class Response(Message):
    def __init__(self, response, request):
        super().__init__(response["headers"])
        self.status_code = response["status"]
        self.request = request


passed, failures = 0, []


def check(name, message, tag, body, vector):
    global passed
    verifier = Verifier(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=Keys())
    try:
        result, = verifier.verify(message, max_age=None, expect_tag=tag, body=body)
        base = "\n".join(f"{name}: {value}" for name, value in result.covered_components.items())
        params = vector["base"].rsplit('"@signature-params": ', 1)[1]
        if base != vector["base"] and f'{base}\n"@signature-params": {params}' != vector["base"]:
            raise ValueError(f"another signature base:\n{base}\ninstead of\n{vector['base']}")
        passed += 1
    except Exception as error:  # every kind of failure is counted
        failures.append(f"{name}: {error!r}")


requests = {vector["name"]: vector for vector in load("requests.json")["vectors"]}
for name, vector in requests.items():
    body = base64.b64decode(vector["request"]["body"])
    check(f"requests/{name}", Request(vector["request"]), "zijspan-request-v1", body, vector)
for vector in load("responses.json")["vectors"]:
    request = Request(requests[vector["request"]]["request"])
    body = base64.b64decode(vector["response"]["body"])
    message = Response(vector["response"], request)
    check(f"responses/{vector['name']}", message, "zijspan-response-v1", body, vector)
standard = load("rfc9421-b25.json")
KEYS[standard["key"]["keyid"]] = base64.b64decode(standard["key"]["secret"])
check("rfc9421-b25", Request(standard["request"]), None, None, standard)

for failure in failures:
    print(failure, file=sys.stderr)
print(f"{passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
