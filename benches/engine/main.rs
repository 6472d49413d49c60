//! The upstream engine against its bars: every measurement in one run, each against a real `zijspan demo`
//! in a process of its own, with real signatures over loopback.
//!
//! `cargo bench --bench engine` prints the table and writes `target/bench/engine.json`; names of rows
//! (`warm`, `busy`, `recorded`, …) run only those. `soak` runs the soak test. A bar that is missed is
//! printed as missed.

#![expect(
    clippy::indexing_slicing,
    reason = "what an answer of JSON does not hold is null, which says so where it is used"
)]

mod bare;
mod demo;
mod load;
mod machine;
mod rows;
mod soak;
mod table;
mod wire;
mod zaaksysteem;

use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test` runs benches too, without this word: there is nothing to test here.
    let Some(at) = args.iter().position(|arg| arg == "--bench") else {
        return ExitCode::SUCCESS;
    };
    args.remove(at);
    match run(&args) {
        Ok(code) => code,
        Err(error) => {
            say(&format!("engine: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    runtime.block_on(async {
        match *words {
            ["bare", file] => bare::serve(file).await.map(|()| ExitCode::SUCCESS),
            ["soak"] => soak::run(10.0).await,
            ["soak", minutes] => soak::run(minutes.parse()?).await,
            _ => rows::run(&words).await,
        }
    })
}

/// What happens while it happens; stdout is for the results.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
