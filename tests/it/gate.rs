//! The gate through its public face: every rule of "What may be seen" as a named test, and properties that
//! hold for whatever a register may answer.

mod build;
mod documenten;
mod mandaten;
mod niveaus;
mod properties;
mod rollen;
mod zaken;
