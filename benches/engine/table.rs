//! The table of results: what was measured, the bar, and whether it is met.

use std::io::Write as _;

use serde_json::{Value, json};

/// One line of the table.
#[derive(Debug)]
pub struct Row {
    pub what: &'static str,
    pub measured: f64,
    pub unit: &'static str,
    pub bar: Bar,
    /// How the figure came about.
    pub note: String,
}

#[derive(Debug, Clone, Copy)]
pub enum Bar {
    AtMost(f64),
    AtLeast(f64),
    /// Reported without a bar.
    None,
    /// What had to happen did not, whatever the figure.
    Failed(f64),
}

impl Row {
    pub fn is_met(&self) -> bool {
        match self.bar {
            Bar::AtMost(most) => self.measured <= most,
            Bar::AtLeast(least) => self.measured >= least,
            Bar::None => true,
            Bar::Failed(_) => false,
        }
    }

    fn verdict(&self) -> &'static str {
        match self.bar {
            Bar::None => "",
            _ if self.is_met() => "ok",
            _ => "**missed**",
        }
    }

    fn bar(&self) -> String {
        let unit = self.unit;
        match self.bar {
            Bar::AtMost(most) | Bar::Failed(most) => format!("<= {}{unit}", number(most)),
            Bar::AtLeast(least) => format!(">= {}{unit}", number(least)),
            Bar::None => String::new(),
        }
    }

    fn to_json(&self) -> Value {
        let (least, most) = match self.bar {
            Bar::AtMost(most) | Bar::Failed(most) => (None, Some(most)),
            Bar::AtLeast(least) => (Some(least), None),
            Bar::None => (None, None),
        };
        json!({
            "what": self.what, "measured": self.measured, "unit": self.unit.trim(),
            "at_least": least, "at_most": most, "met": self.is_met(), "note": self.note,
        })
    }
}

fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => {
            let text = format!("{value:.3}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    }
}

/// As a table in Markdown, and as JSON in `target/bench/engine.json`.
pub fn print(machine: &Value, rows: &[Row]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let text = |name: &str| machine[name].as_str().unwrap_or_default();
    writeln!(
        out,
        "{} x {}, {}, Linux {}, {}; load {} at the start\n",
        machine["cores"],
        text("cpu"),
        text("memory"),
        text("kernel"),
        text("system"),
        machine["load"],
    )?;
    writeln!(
        out,
        "| what | measured | bar | | how |\n|---|---|---|---|---|"
    )?;
    for row in rows {
        let measured = format!("{}{}", number(row.measured), row.unit);
        let (what, bar, verdict, note) = (row.what, row.bar(), row.verdict(), &row.note);
        writeln!(out, "| {what} | {measured} | {bar} | {verdict} | {note} |")?;
    }
    out.flush()?;
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/target/bench");
    std::fs::create_dir_all(dir)?;
    let all: Vec<Value> = rows.iter().map(Row::to_json).collect();
    let file = format!("{dir}/engine.json");
    std::fs::write(
        &file,
        format!("{:#}\n", json!({"machine": machine, "rows": all})),
    )?;
    super::say(&format!("written: {file}"));
    Ok(())
}
