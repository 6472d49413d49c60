//! `zijspan doctor`.

use super::{DoctorArgs, Outcome};

pub fn run(_args: &DoctorArgs) -> Outcome {
    anyhow::bail!("`doctor` is not in this build")
}
