//! The one visibility gate: pure functions that show an object or hide it with a reason.
