//! The command line, handed to one command.

fn main() {}
