//! The command line, handed to one command.

fn main() -> std::process::ExitCode {
    zijspan::cli::run()
}
