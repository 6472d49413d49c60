//! The command line: what the commands are called and take. One file per command does the work.

mod config;
pub mod demo;
mod doctor;
mod keys;
mod migrate;
mod openapi;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// The MijnOmgeving back end for Open Webconcept sites.
#[derive(Debug, Parser)]
#[command(name = "zijspan", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the sites of a configuration.
    Serve(ServeArgs),
    /// Sidecar, simulated sources and a test identity provider in one process.
    Demo(DemoArgs),
    /// Ask every source what a real page would ask, and say what is wrong.
    Doctor(DoctorArgs),
    /// Look at the configuration.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Make and list keys.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Print the description of the api listener as OpenAPI.
    Openapi,
    /// Bring the database up to date.
    Migrate(MigrateArgs),
}

/// The configuration that a command works on.
#[derive(Debug, Args)]
pub struct ConfigFile {
    /// The configuration file (TOML).
    #[arg(long = "config", value_name = "FILE", env = "ZIJSPAN_CONFIG")]
    pub path: PathBuf,
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub config: ConfigFile,
}

#[derive(Debug, Args)]
pub struct MigrateArgs {
    #[command(flatten)]
    pub config: ConfigFile,
}

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Folder for what the demo writes; it may hold other things.
    #[arg(long, value_name = "DIR")]
    pub dir: PathBuf,
    /// Print one line of JSON when ready, and nothing else.
    #[arg(long)]
    pub json: bool,
    /// Use the ports P to P+5 in the order api, public, hooks, ops, idp, upstreams.
    #[arg(long, value_name = "P", value_parser = clap::value_parser!(u16).range(1..=65530))]
    pub port_base: Option<u16>,
    /// The WordPress that the demo serves.
    #[arg(long, value_name = "URL")]
    pub site_origin: Option<String>,
    /// How many zaken the first person has.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub zaken: Option<u32>,
    /// How many made-up persons there are beside the fixed ones.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub persons: Option<u32>,
    /// TOML fragment whose sources stand in for the simulated ones.
    #[arg(long, value_name = "FILE")]
    pub upstreams: Option<PathBuf>,
    /// How many simulated zaaksystemen each site has, with other zaken of the same people.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=8))]
    pub sources: u8,
    /// How many sites there are, each with keys and sources of its own.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub sites: u8,
    /// How long simulated sources take: "none", or "recorded" for what a real one was measured to take;
    /// with ":MS" for a network round trip.
    #[cfg(feature = "sandbox")]
    #[arg(long, value_name = "PROFILE[:MS]", default_value = "none")]
    pub latency: crate::sandbox::Latency,
    /// One more document of the first person's latest zaak, of this many megabytes.
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub document_mb: Option<u32>,
    /// Megabytes of it that the source sends each second; 0 for as many as it can.
    #[arg(long, value_name = "MB", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub document_rate: u32,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct DoctorArgs {
    #[command(flatten)]
    pub config: Option<ConfigFile>,
    #[command(subcommand)]
    pub command: Option<DoctorCommand>,
}

#[derive(Debug, Subcommand)]
pub enum DoctorCommand {
    /// Say for every betrokkene of one zaak why it is shown or not: rol types and reasons only.
    Zaak {
        #[command(flatten)]
        config: ConfigFile,
        /// The name of the source.
        #[arg(long, value_name = "S")]
        source: String,
        /// The zaaknummer (identificatie).
        #[arg(long, value_name = "N")]
        nummer: String,
        /// The site, where there is more than one.
        #[arg(long, value_name = "ID")]
        site: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print "ok", or everything that is wrong.
    Check {
        #[command(flatten)]
        config: ConfigFile,
        /// Print as JSON what would be used, without the secrets.
        #[arg(long)]
        show: bool,
    },
    /// Print the reference: every key with its meaning and default.
    Reference,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Print a new pair of signing keys for a site, or a new server key.
    New {
        /// The site that the pair is for; without it a server key is made.
        #[arg(long, value_name = "ID")]
        site: Option<String>,
    },
    /// List the keys of a configuration, without the secrets.
    List {
        #[command(flatten)]
        config: ConfigFile,
    },
}

/// What a command ends with.
pub type Outcome = anyhow::Result<ExitCode>;

/// The configuration or the request is at fault (1 is for everything else, 0 for success).
pub const EXIT_REFUSED: u8 = 2;

/// Runs the command and gives the exit code. Errors go to stderr.
pub fn run() -> ExitCode {
    // clap itself ends with 2 for a wrong command line.
    let outcome = match Cli::parse().command {
        Command::Serve(args) => serve::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Config { command } => match command {
            ConfigCommand::Check { config, show } => config::check(&config, show),
            ConfigCommand::Reference => config::reference(),
        },
        Command::Keys { command } => match command {
            KeysCommand::New { site } => keys::new(site.as_deref()),
            KeysCommand::List { config } => keys::list(&config),
        },
        Command::Openapi => openapi::run(),
        Command::Migrate(args) => migrate::run(&args),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            say(&format!("zijspan: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// A line on stderr. That nobody reads it is no reason to stop.
pub(crate) fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A text on stdout, as it is.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // `zijspan config reference | head` is not an error.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
