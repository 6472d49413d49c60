//! Simulated upstreams and identity provider for demo and tests, with data of our own.
