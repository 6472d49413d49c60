//! `zijspan migrate`.

use super::{MigrateArgs, Outcome};

pub fn run(_args: &MigrateArgs) -> Outcome {
    anyhow::bail!("`migrate` is not in this build")
}
