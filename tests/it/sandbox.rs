//! The sandbox over a real socket: what the clients, the demo and other people's scripts rely on.

mod conformance;
mod faults;
mod help;
mod idp;
mod slow;
mod zgw;
