//! Who is asking: OIDC relying party, token exchange, claim maps and sessions.
