//! `zijspan serve`.

use super::{Outcome, ServeArgs};

pub fn run(_args: &ServeArgs) -> Outcome {
    anyhow::bail!("`serve` is not in this build")
}
