//! Besluiten API 1.1.0: decisions of a zaak, and their documents.

mod client;
