//! From the start of the process to ready.

use crate::demo::Demo;
use crate::load::{median, ms};
use crate::table::{Bar, Row};

const STARTS: usize = 11;

pub async fn measure() -> anyhow::Result<Vec<Row>> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(ms(Demo::start(&[])?.took));
    }
    let slowest = times.iter().copied().fold(0.0, f64::max);
    Ok(vec![Row {
        what: "start to ready",
        measured: median(&times),
        unit: " ms",
        bar: Bar::AtMost(150.0),
        note: format!(
            "`zijspan demo --json` to its line, sandbox included; {STARTS} starts, the slowest {slowest:.0} ms"
        ),
    }])
}
