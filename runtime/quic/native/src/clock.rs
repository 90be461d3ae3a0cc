//! Time is an argument: the host says what time it is with every call that may depend on it.

use std::time::{Duration, Instant};

/// Turns the host's monotonic microseconds into instants and back.
pub struct Clock {
    /// Stands for the host's microsecond 0. Its own value does not matter.
    origin: Instant,
    latest: Instant,
}

impl Clock {
    /// A clock that has seen no time yet.
    pub fn new() -> Self {
        let origin = Instant::now();
        Self { origin, latest: origin }
    }

    /// The instant of `micros`. Time never runs backwards: an earlier value, or none (NaN), means now.
    pub fn set(&mut self, micros: f64) -> Instant {
        // A cast of a float saturates, and takes NaN for 0.
        let offered = self.origin.checked_add(Duration::from_micros(micros as u64));
        self.latest = offered.unwrap_or(self.latest).max(self.latest);
        self.latest
    }

    /// The host's microseconds at `instant`, rounded up, so that a timer set to it is never early.
    pub fn micros(&self, instant: Instant) -> f64 {
        let nanos = instant.saturating_duration_since(self.origin).as_nanos();
        nanos.div_ceil(1000) as f64
    }
}
