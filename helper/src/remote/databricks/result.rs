//! The result of a statement, part by part: rows inline, or links to rows in the workspace's storage. No row may be
//! missing.

use tokio::time::sleep;

use super::protocol::{ExternalLink, ResultRows, StatementAnswer};
use super::storage;
use super::warehouse::Warehouse;
use crate::terminal::failure::Failure;

/// Maximum number of attempts to fetch rows from the storage, each with a new link.
const LINK_ATTEMPTS: u32 = 3;
/// Maximum number of consecutive empty parts of a result.
const MOST_EMPTY_PARTS: u32 = 16;

impl Warehouse<'_> {
    /// Fetches all chunks of a statement's result and checks that no row is missing.
    pub(super) async fn fetch(
        &self,
        id: &str,
        answer: StatementAnswer,
        rows: &mut (dyn FnMut(ResultRows) -> Result<(), Failure> + Send),
    ) -> Result<(), Failure> {
        if answer.manifest.as_ref().is_some_and(|manifest| manifest.truncated) {
            return Err(self.api.failure(
                "the result was cut off by a limit of the workspace; ask who runs it, or run for fewer employees",
            ));
        }
        let expected = answer.manifest.and_then(|manifest| manifest.total_row_count).ok_or_else(|| {
            self.api.failure(
                "the answer does not say how many rows the result has, so nobody knows whether it is whole; try again",
            )
        })?;
        let mut chunk = answer.result.unwrap_or_default();
        let mut found = ResultProgress { expected, rows: 0, empty_parts: 0 };
        let mut index = 0;
        loop {
            self.check_part(chunk.chunk_index, index)?;
            let mut next = chunk.next_chunk_index;
            let inline = chunk.data_array.take();
            if inline.is_some() || chunk.external_links.as_ref().is_none_or(Vec::is_empty) {
                let of_chunk = inline.unwrap_or_default();
                found.count(&of_chunk).map_err(|message| self.api.failure(&message))?;
                rows(of_chunk)?;
            }
            for (position, link) in chunk.external_links.take().unwrap_or_default().into_iter().enumerate() {
                if position > 0 {
                    index = self.later_part(index, next.unwrap_or(index.saturating_add(1)))?;
                }
                self.check_part(link.chunk_index, index)?;
                next = link.next_chunk_index;
                let of_link = self.fetch_link(id, index, link).await?;
                found.count(&of_link).map_err(|message| self.api.failure(&message))?;
                rows(of_link)?;
            }
            let Some(next) = next else { break };
            index = self.later_part(index, next)?;
            chunk = self.api.chunk(id, index).await?;
        }
        found.check_whole().map_err(|message| self.api.failure(&message))
    }

    /// Checks that a part of a result is the wanted one, if the part has an index.
    fn check_part(&self, found: Option<u64>, wanted: u64) -> Result<(), Failure> {
        match found.filter(|found| *found != wanted) {
            Some(found) => {
                let message = format!("part {found} of the result came in place of part {wanted}; try again");
                Err(self.api.failure(&message))
            }
            None => Ok(()),
        }
    }

    /// Checks that the next part has a larger index than the current one.
    fn later_part(&self, index: u64, next: u64) -> Result<u64, Failure> {
        if next > index {
            Ok(next)
        } else {
            Err(self.api.failure("the parts of the result run in a circle; try again"))
        }
    }

    /// Fetches rows from the storage. After a failure, tries again with a new link: `LINK_ATTEMPTS` attempts in all.
    async fn fetch_link(&self, id: &str, index: u64, link: ExternalLink) -> Result<ResultRows, Failure> {
        let mut link = link;
        let mut attempt = 1;
        loop {
            let limit = self.api.patience.request.saturating_mul(4);
            let message = match storage::rows(&self.storage, &link, &self.api.settings.base_url, limit).await {
                Ok(rows) => return Ok(rows),
                Err(message) => message,
            };
            if attempt == LINK_ATTEMPTS || !storage::may_be_followed(&link, &self.api.settings.base_url) {
                return Err(self.api.failure(&format!(
                    "a part of the result cannot be fetched from the workspace's storage: {message}; check whether the \
                     network lets this machine reach it"
                )));
            }
            sleep(self.api.patience.backoff.own_pause(attempt)).await;
            attempt += 1;
            let mut links = self.api.chunk(id, index).await?.external_links.unwrap_or_default().into_iter();
            let fresh = links.find(|link| link.chunk_index.is_none_or(|found| found == index));
            link = fresh.ok_or_else(|| self.api.failure("a link to a part of the result is missing; try again"))?;
        }
    }
}

/// Rows of a result: received so far and expected.
struct ResultProgress {
    expected: u64,
    rows: u64,
    empty_parts: u32,
}

impl ResultProgress {
    /// Counts a part. Fails on more rows than expected, or on too many empty parts in a row.
    fn count(&mut self, part: &ResultRows) -> Result<(), String> {
        self.rows += part.len() as u64;
        self.empty_parts = if part.is_empty() { self.empty_parts + 1 } else { 0 };
        if self.rows > self.expected {
            return self.check_whole();
        }
        if self.empty_parts > MOST_EMPTY_PARTS {
            let ResultProgress { rows, expected, empty_parts } = self;
            return Err(format!(
                "{empty_parts} parts of the result hold no rows, one after another, and more should follow; {rows} of \
                 {expected} rows came. Try again"
            ));
        }
        Ok(())
    }

    fn check_whole(&self) -> Result<(), String> {
        let ResultProgress { rows, expected, .. } = self;
        if rows == expected {
            return Ok(());
        }
        Err(format!("the result should have {expected} rows, but {rows} came; try again"))
    }
}
