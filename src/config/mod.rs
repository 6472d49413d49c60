//! One file per section of the configuration, and the checks that refuse to start.
