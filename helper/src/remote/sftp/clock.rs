//! Time limit of an operation. The time in which a transfer moves bytes does not count.

use std::time::Duration;

use tokio::time::Instant;

/// Deadline of an operation, which transfers extend.
#[derive(Clone, Copy, Debug)]
pub(super) struct OperationClock {
    end: Instant,
    transfer: Option<Transfer>,
}

/// Transfer in progress.
#[derive(Clone, Copy, Debug)]
struct Transfer {
    began: Instant,
    /// When bytes last moved; `bytes` is the total by then.
    moved: Instant,
    bytes: u64,
    /// Minimum speed in bytes per second; zero for none.
    slowest: u64,
}

/// What exceeded its time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// A single answer.
    Silent,
    /// The operation as a whole.
    Operation,
    /// A transfer below its minimum speed.
    Transfer {
        /// Bytes moved.
        bytes: u64,
        /// Time since the transfer began.
        taken: Duration,
    },
}

impl OperationClock {
    /// A clock that starts now.
    pub(super) fn start(operation: Duration) -> OperationClock {
        OperationClock { end: Instant::now() + operation, transfer: None }
    }

    /// Deadline of the operation.
    pub(super) fn end(&self) -> Instant {
        self.end
    }

    /// Starts a transfer. Its deadline is the operation's, plus one second for every `slowest` bytes moved. The size
    /// that a server claims does not count.
    pub(super) fn begin_transfer(&mut self, slowest: u64) {
        let now = Instant::now();
        self.transfer = Some(Transfer { began: now, moved: now, bytes: 0, slowest });
    }

    /// Records the total number of bytes that the transfer has moved.
    pub(super) fn moved(&mut self, bytes: u64) {
        if let Some(transfer) = &mut self.transfer {
            (transfer.moved, transfer.bytes) = (Instant::now(), bytes);
        }
    }

    /// Ends a transfer and extends the operation's deadline by the time until bytes last moved.
    pub(super) fn end_transfer(&mut self) {
        if let Some(transfer) = self.transfer.take() {
            self.end += transfer.moved - transfer.began;
        }
    }

    /// Deadline for an answer that is overdue at `silent`, and what is late once it passes.
    pub(super) fn wait_until(&self, silent: Instant) -> (Instant, Late) {
        let (end, late) = match self.transfer {
            None => (Some(self.end), Late::Operation),
            Some(Transfer { began, bytes, slowest, .. }) => {
                let longest = bytes.checked_div(slowest).map(Duration::from_secs);
                let end = longest.map(|longest| self.end.max(began) + longest);
                (end, Late::Transfer { bytes, taken: Instant::now().max(began) - began })
            }
        };
        match end {
            Some(end) if end < silent => (end, late),
            _ => (silent, Late::Silent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn time_in_which_bytes_move_does_not_count() {
        let mut clock = OperationClock::start(60 * SECOND);
        let end = clock.end();
        clock.begin_transfer(10);
        // A size that the server claims extends no limit: only received bytes do.
        assert_eq!(clock.wait_until(end + SECOND), (end, Late::Transfer { bytes: 0, taken: Duration::ZERO }));
        tokio::time::advance(50 * SECOND).await;
        clock.moved(500);
        tokio::time::advance(40 * SECOND).await;
        clock.moved(1_000);
        let silent = Instant::now() + 30 * SECOND;
        assert_eq!(clock.wait_until(silent), (silent, Late::Silent));
        tokio::time::advance(60 * SECOND).await;
        let late = Late::Transfer { bytes: 1_000, taken: 150 * SECOND };
        assert_eq!(clock.wait_until(Instant::now() + 30 * SECOND), (end + 100 * SECOND, late));
        clock.end_transfer();
        assert_eq!(clock.end(), end + 90 * SECOND);
        assert_eq!(clock.wait_until(clock.end() + SECOND), (clock.end(), Late::Operation));
    }

    #[tokio::test(start_paused = true)]
    async fn a_transfer_of_any_speed_ends_by_silence_only() {
        let mut clock = OperationClock::start(SECOND);
        clock.begin_transfer(0);
        tokio::time::advance(10_000 * SECOND).await;
        let silent = Instant::now() + SECOND;
        assert_eq!(clock.wait_until(silent), (silent, Late::Silent));
    }
}
