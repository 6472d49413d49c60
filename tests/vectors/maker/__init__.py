"""Makes the test vectors of docs/signing.md: an implementation of the profile of its own."""
