//! Pace of counted work: its rate and the time left.

use std::time::{Duration, Instant};

/// Pace since its creation.
pub(crate) struct Pace {
    began: Instant,
    /// Parts that were done before.
    before: usize,
}

impl Pace {
    /// Begins now, with `before` parts done already.
    pub(crate) fn new(before: usize) -> Pace {
        Pace { began: Instant::now(), before }
    }

    /// Rate and time left, as in `; 312 a second, 4 min left`. Empty in the first second, and where nothing was done.
    pub(crate) fn words(&self, done: usize, total: usize) -> String {
        words(self.began.elapsed(), done.saturating_sub(self.before), total.saturating_sub(done))
    }
}

fn words(elapsed: Duration, done: usize, left: usize) -> String {
    if elapsed < Duration::from_secs(1) || done == 0 {
        return String::new();
    }
    let rate = done as f64 / elapsed.as_secs_f64();
    let seconds = left as f64 / rate;
    let time = match seconds {
        ..60.0 => format!("{seconds:.0} s"),
        60.0..3600.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    };
    let digits = usize::from(rate < 10.0);
    format!("; {rate:.digits$} a second, {time} left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left_follow_from_what_was_done() {
        for (seconds, done, left, expected) in [
            (0.5, 100, 100, ""),
            (5.0, 0, 100, ""),
            (2.0, 640, 1_427, "; 320 a second, 4 s left"),
            (10.0, 3_200, 96_800, "; 320 a second, 5 min left"),
            (100.0, 32_000, 4_000_000, "; 320 a second, 3.5 h left"),
            (4.0, 1, 1, "; 0.2 a second, 4 s left"),
            (4.0, 1_200, 0, "; 300 a second, 0 s left"),
        ] {
            assert_eq!(words(Duration::from_secs_f64(seconds), done, left), expected);
        }
    }
}
