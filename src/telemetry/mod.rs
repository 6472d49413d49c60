//! Logs and metrics. What may be logged is decided where it is logged: no URL, no query, no body and no number ever
//! is; types that hold such a thing do not print it.

pub mod metrics;

use tracing_subscriber::EnvFilter;

/// A panic is logged by its place alone. Its message may quote the very text that it tripped over, and
/// that text may be somebody's name.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location();
        tracing::error!(
            alarm = "panic",
            file = place.map(std::panic::Location::file),
            line = place.map(std::panic::Location::line),
            "a panic"
        );
    }));
}

/// Logs go to stderr, so that stdout stays free for answers. A second call changes nothing.
pub fn init(level: &str, json: bool) {
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    let set = if json {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.with_ansi(false).try_init()
    };
    quiet_panics();
    // Already set, by a test for instance.
    drop(set);
}
