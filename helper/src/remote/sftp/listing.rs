//! Listing of a remote folder, with bounds on its length.

use btcfake_core::text::words::number_text;

use super::exchange::Received;
use super::packets::{Named, Reply, Request, StatusReply};
use super::problem::{SftpProblem, SftpProblemKind};
use super::session::SftpSession;
use crate::configuration::SftpLimits;

/// Maximum number of requests for parts of a listing in flight.
const IN_FLIGHT: usize = 4;

/// Maximum number of consecutive parts without names.
const MOST_EMPTY: usize = 1_000;

/// Maximum length of a file name on common systems, in bytes; longer names are counted but not kept.
pub(super) const LONGEST_NAME: usize = 255;

/// Listing of a folder.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Wanted entries.
    pub(super) names: Vec<Named>,
    /// Number of all entries, without `.` and `..`.
    pub(super) count: u64,
}

impl SftpSession {
    /// Lists a folder: entries whose names are wanted, and the number of all.
    ///
    /// # Errors
    /// A folder that does not exist or cannot be read; `TooLarge`: more names or bytes than the settings allow.
    pub(super) async fn list(
        &mut self,
        path: &str,
        is_wanted: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Listing, SftpProblem> {
        let handle = self.exchange.opened(Request::open_folder(path), path).await?;
        let listed = self.list_names(&handle, path, is_wanted).await;
        if listed.as_ref().err().is_none_or(SftpProblem::is_refusal) {
            self.close(&handle).await;
        }
        listed
    }

    async fn list_names(
        &mut self,
        handle: &[u8],
        path: &str,
        is_wanted: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<Listing, SftpProblem> {
        let mut listing = Listing::default();
        let mut waiting = Vec::new();
        let mut ended = false;
        let mut refusal = None;
        let (mut bytes, mut empty) = (0, 0);
        while !ended || !waiting.is_empty() {
            while !ended && waiting.len() < IN_FLIGHT {
                waiting.push(self.exchange.send(Request::read_folder(handle))?);
            }
            let (id, Received { reply, length, .. }) = self.exchange.receive_one_of(|id| waiting.contains(&id)).await?;
            waiting.retain(|waiting| *waiting != id);
            match reply {
                Reply::Names(some) => {
                    bytes += length as u64;
                    empty = if some.is_empty() { empty + 1 } else { 0 };
                    listing.count +=
                        some.iter().filter(|named| !matches!(named.name.as_str(), "." | "..")).count() as u64;
                    self.bound_listing(path, listing.count, bytes, empty)?;
                    let is_kept = |named: &Named| named.name.len() <= LONGEST_NAME && is_wanted(&named.name);
                    listing.names.extend(some.into_iter().filter(is_kept));
                }
                Reply::StatusReply(StatusReply { code: StatusReply::END_OF_FILE, .. }) => ended = true,
                other => {
                    ended = true;
                    refusal.get_or_insert_with(|| self.exchange.refused(other, path));
                }
            }
        }
        refusal.map_or(Ok(listing), Err)
    }

    fn bound_listing(&self, path: &str, names: u64, bytes: u64, empty: usize) -> Result<(), SftpProblem> {
        let SftpLimits { most_names, largest_listing, .. } = self.exchange.limits;
        let (message, setting) = if names > most_names {
            (format!("the folder holds more than {} names", number_text(most_names)), "SFTP_MAX_LISTING_NAMES")
        } else if bytes > largest_listing {
            (format!("the listing is longer than {} bytes", number_text(largest_listing)), "SFTP_MAX_LISTING_MB")
        } else if empty > MOST_EMPTY {
            let message = "the server goes on sending empty parts of a listing";
            return Err(SftpProblem::new(SftpProblemKind::Server, self.shown(path), message, "ask who runs it"));
        } else {
            return Ok(());
        };
        let mend = format!("name another folder, have this one tidied up, or set a larger {setting}");
        Err(SftpProblem::new(SftpProblemKind::TooLarge, self.shown(path), message, mend))
    }
}
