//! Packs the world's time zones into two small files that `src/plan/time_zone.rs` includes.
//!
//! chrono-tz's own tables are more than a third of the page on its way to the browser, because they hold a name and two
//! offsets for every change of every clock since the railways came. The packed files hold only the changes that a run
//! can meet, each as the difference to the one before, and zones whose clocks agree share one entry.

#![allow(clippy::disallowed_methods, reason = "a build script works with files, the core does not")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

/// 1969-12-01: a month before the first run that can be set.
const FROM: i64 = -31 * DAY;
/// 2101-01-01: chrono-tz knows no change after it.
const TO: i64 = 4_133_980_800;
/// No clock is changed twice in a day.
const DAY: i64 = 86_400;

/// The changes of a clock: the instant, in seconds since 1970-01-01T00:00:00Z, and the UTC offset from then on, in
/// seconds east of UTC. The first entry is the offset at [`FROM`].
type Changes = Vec<(i64, i32)>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut clocks = Vec::new();
    let mut places = BTreeMap::new();
    let mut names = String::new();
    for zone in TZ_VARIANTS {
        let place = *places.entry(changes(zone)).or_insert_with_key(|changes| {
            let place = clocks.len();
            pack(changes, &mut clocks);
            place
        });
        writeln!(names, "{} {place}", zone.name())?;
    }
    let folder = env::var_os("OUT_DIR").ok_or("cargo names no folder for what is made")?;
    let folder = Path::new(&folder);
    fs::write(folder.join("time_zone_names.txt"), names)?;
    fs::write(folder.join("time_zone_clocks.bin"), clocks)?;
    Ok(())
}

fn changes(zone: Tz) -> Changes {
    let mut changes = vec![(FROM, offset(zone, FROM))];
    let mut before = FROM;
    while before < TO {
        let after = before + DAY;
        if offset(zone, before) != offset(zone, after) {
            let change = first_second_of_new_offset(zone, before, after);
            changes.push((change, offset(zone, change)));
        }
        before = after;
    }
    changes
}

fn first_second_of_new_offset(zone: Tz, mut before: i64, mut after: i64) -> i64 {
    let old = offset(zone, before);
    while after - before > 1 {
        let middle = i64::midpoint(before, after);
        if offset(zone, middle) == old { before = middle } else { after = middle }
    }
    after
}

fn offset(zone: Tz, instant: i64) -> i32 {
    let instant = DateTime::from_timestamp(instant, 0).unwrap_or_default().naive_utc();
    zone.offset_from_utc_datetime(&instant).fix().local_minus_utc()
}

/// Appends the number of changes, then for each the seconds since the one before and the offset, all as LEB128 numbers
/// (seven bits a byte, lowest first). The lowest bit of an offset is its sign.
fn pack(changes: &Changes, out: &mut Vec<u8>) {
    push(changes.len() as u64, out);
    let mut before = FROM;
    for (instant, offset) in changes {
        push((instant - before).unsigned_abs(), out);
        push(u64::from(offset.unsigned_abs()) << 1 | u64::from(*offset < 0), out);
        before = *instant;
    }
}

fn push(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}
