//! The example of `docs/add-a-source.md` and `docs/add-a-module.md`, compiled and tested: `parkeren` would
//! lie in `src/upstream/`, `parkeervergunningen` in `src/mijn/`.

mod module;
mod pages;
mod parkeervergunningen;
mod parkeren;
mod source;
mod world;
