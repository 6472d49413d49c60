//! The 47 lines of the threat list, over HTTP against the running sidecar. Each test is named after its
//! line. What can be judged without HTTP has its tests beside the code, in `attacks_identity` and in
//! `tests/vectors/`; line 44 is the configuration's, line 47 is WordPress's.

mod canary;
mod data;
mod documents;
mod identity;
mod mirror;
mod races;
mod sessions;
mod signature;
mod slow;
mod sockets;
mod wire;
