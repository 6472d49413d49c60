//! Streams: tickets and downloads.
