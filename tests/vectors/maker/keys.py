"""The key pairs of the vectors."""

from .profile import NOW, b64, secret


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
