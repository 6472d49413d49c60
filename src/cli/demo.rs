//! `zijspan demo`.

use super::{DemoArgs, Outcome};

pub fn run(_args: &DemoArgs) -> Outcome {
    anyhow::bail!("`demo` is not in this build")
}
