//! The sidecar against answers recorded from a live Open Zaak, replayed by a small server.
//!
//! The recordings are no part of the repository: `ZIJSPAN_CAPTURES` names the folder that holds
//! `open-zaak/`, else `shared/captures` is looked for beside and above the checkout. Without them each test
//! says so and ends.

mod errors;
mod person;
mod recordings;
mod replay;
mod variations;
mod world;
mod zaak;
