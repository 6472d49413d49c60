//! RFC 9421 signatures and RFC 9530 digests in the closed profile of `docs/signing.md`.
