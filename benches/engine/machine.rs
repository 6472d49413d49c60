//! The machine, and what processes on it use.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

/// What a figure is worth depends on it.
pub fn machine() -> Value {
    let field = |file: &str, name: &str| {
        fs::read_to_string(file)
            .unwrap_or_default()
            .lines()
            .find_map(|line| {
                line.strip_prefix(name)
                    .map(|rest| rest.trim_matches([' ', '\t', ':', '=', '"']).to_owned())
            })
            .unwrap_or_default()
    };
    let cores = fs::read_to_string("/proc/cpuinfo")
        .unwrap_or_default()
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    json!({
        "cpu": field("/proc/cpuinfo", "model name"),
        "cores": cores,
        "memory": field("/proc/meminfo", "MemTotal"),
        "kernel": fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim(),
        "system": field("/etc/os-release", "PRETTY_NAME"),
        "load": load(),
    })
}

/// The load average of the last minute.
pub fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ')
        .next()
        .and_then(|first| first.parse().ok())
        .unwrap_or_default()
}

/// One process, by what the kernel says of it.
#[derive(Debug, Clone, Copy)]
pub struct Process(u32);

/// Clock ticks a second, which Linux shows to programs as 100 on every platform.
const TICKS: f64 = 100.0;

impl Process {
    pub const fn of(id: u32) -> Self {
        Self(id)
    }

    pub fn own() -> Self {
        Self(std::process::id())
    }

    /// Resident memory in bytes.
    pub fn rss(self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0)).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
        kib.unwrap_or(0) * 1024
    }

    /// Processor time so far, user and system.
    pub fn cpu(self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0)).unwrap_or_default();
        // The name may hold spaces; the fields after it do not.
        let after = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        let fields: Vec<&str> = after.split(' ').collect();
        let ticks = |n: usize| {
            fields
                .get(n)
                .and_then(|field| field.parse::<f64>().ok())
                .unwrap_or(0.0)
        };
        Duration::from_secs_f64((ticks(11) + ticks(12)) / TICKS)
    }
}
