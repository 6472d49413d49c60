//! The measurements, one file each.

mod cold;
mod download;
mod hang;
mod memory;
mod recorded;
mod sites;
mod start;
mod warm;

use std::process::ExitCode;

use anyhow::ensure;

use super::machine::{load, machine};
use super::say;
use super::table::{Row, print};

/// The names by which rows are chosen, in the order of the table.
const NAMES: [&str; 9] = [
    "warm", "busy", "recorded", "cold", "hang", "sites", "memory", "download", "start",
];

/// Measures what is named, or everything, and prints the table.
pub async fn run(names: &[&str]) -> anyhow::Result<ExitCode> {
    for name in names {
        ensure!(
            NAMES.contains(name),
            "no such row: {name} (there are: {})",
            NAMES.join(" ")
        );
    }
    let machine = machine();
    let mut rows = Vec::new();
    let mut broken = false;
    for name in NAMES {
        if !names.is_empty() && !names.contains(&name) {
            continue;
        }
        say(&format!("{name} (load {})", load()));
        let measured = match name {
            "warm" => warm::one_connection().await,
            "busy" => warm::many_connections().await,
            "recorded" => recorded::measure().await,
            "cold" => cold::measure().await,
            "hang" => hang::measure().await,
            "sites" => sites::measure().await,
            "memory" => memory::measure().await,
            "download" => download::measure().await,
            _ => start::measure().await,
        };
        match measured {
            Ok(more) => rows.extend::<Vec<Row>>(more),
            Err(error) => {
                broken = true;
                say(&format!("{name} could not be measured: {error:#}"));
            }
        }
    }
    print(&machine, &rows)?;
    let missed = rows.iter().filter(|row| !row.is_met()).count();
    say(&format!("{} figures, {missed} missed", rows.len()));
    Ok(if missed > 0 || broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
