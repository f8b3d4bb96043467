//! Retries of HTTP calls: which failures pass, and the pauses between attempts. Pauses double, with jitter, unless the
//! server sends Retry-After.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Pauses between attempts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    /// The first pause.
    pub(crate) first: Duration,
    /// Maximum pause, unless the server asks for one.
    pub(crate) longest: Duration,
}

/// Maximum pause that a server may ask for.
const LONGEST_ASKED_FOR: Duration = Duration::from_secs(5 * 60);

impl Backoff {
    /// Pause after an attempt, counted from 1: the server's request plus some jitter, else a doubling pause of which up
    /// to half is jitter, so that many callers do not return at the same instant.
    ///
    /// # Errors
    /// A server that asks for more than five minutes; the text completes a sentence. Returning earlier would ignore the
    /// request.
    pub(crate) fn pause(&self, attempt: u32, asked_for: Option<Duration>) -> Result<Duration, String> {
        match asked_for {
            Some(asked_for) if asked_for > LONGEST_ASKED_FOR => {
                let (asked, longest) = (asked_for.as_secs(), LONGEST_ASKED_FOR.as_secs());
                Err(format!("it asks for a pause of {asked} s (Retry-After), which is longer than {longest} s"))
            }
            Some(asked_for) => Ok(asked_for + self.first.mul_f64(chance())),
            None => Ok(self.own_pause(attempt)),
        }
    }

    /// Pause after an attempt, counted from 1, without a request by the server.
    pub(crate) fn own_pause(&self, attempt: u32) -> Duration {
        let doubled = self.first.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(self.longest);
        doubled.mul_f64(0.5 + chance() / 2.0)
    }
}

/// Random number from 0 to 1.
fn chance() -> f64 {
    getrandom::u32().map_or(0.5, |drawn| f64::from(drawn) / f64::from(u32::MAX))
}

/// True for statuses that may pass: 429, 502, 503, 504.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}

/// Pause requested by Retry-After, in seconds or as a date; a past date gives zero.
pub(crate) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(text).ok()?.to_utc();
    Some((until - now).to_std().unwrap_or_default())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(1) };
        for (attempt, low, high) in [(1, 50, 100), (2, 100, 200), (3, 200, 400), (5, 500, 1_000), (60, 500, 1_000)] {
            let pause = backoff.own_pause(attempt);
            let allowed = Duration::from_millis(low)..=Duration::from_millis(high);
            assert!(allowed.contains(&pause), "{attempt}: {pause:?}");
        }
    }

    #[test]
    fn what_a_server_asks_for_is_obeyed_or_refused() {
        let backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(1) };
        for asked in [700, 45_000, 300_000] {
            let pause = backoff.pause(1, Some(Duration::from_millis(asked))).unwrap();
            assert!((u128::from(asked)..=u128::from(asked) + 100).contains(&pause.as_millis()), "{asked}: {pause:?}");
        }
        let refused = backoff.pause(1, Some(Duration::from_secs(3_600))).unwrap_err();
        assert!(refused.contains("a pause of 3600 s") && refused.contains("longer than 300 s"), "{refused}");
    }

    #[test]
    fn a_server_asks_for_seconds_or_a_date() {
        let now = "2026-01-29T18:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("3", Some(3)),
            (" 0 ", Some(0)),
            ("Thu, 29 Jan 2026 18:01:00 GMT", Some(60)),
            ("Thu, 29 Jan 2026 17:00:00 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            assert_eq!(retry_after(&headers, now), expected.map(Duration::from_secs), "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
