#!/usr/bin/env python3
"""Writes the test vectors of docs/signing.md, with nothing but Python's standard library.

This is an implementation of the profile of its own: it shares no code with the Rust verifier or the
PHP shim, so that a mistake would have to be made three times. The output is the same on every run.

    generate.py           write the files next to this script
    generate.py --check   write nothing, exit 1 if a file is not what this script makes
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

from maker.keys import KEYS
from maker.profile import HOST
from maker.requests import REQUESTS
from maker.attacks import NEGATIVE
from maker.answers import NEGATIVE_RESPONSES, RESPONSES
from maker.standards import B25, DIGESTS

HERE = pathlib.Path(__file__).parent

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
