//! The attacks on identity and session of the threat list, lines 21 to 32, at the level of the library.
//! Each test is named after its line.

mod browsers;
mod persons;
mod tokens;
mod trades;
