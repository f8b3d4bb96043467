//! Properties of the checker: it finds nothing in a correct feed.

use btcfake_core::check::{GivenFile, check};
use btcfake_core::inputs::input_file::InputFile;
use proptest::prelude::*;

use crate::world::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// A correct feed has no finding, whichever of its inputs are given.
    #[test]
    fn a_right_feed_is_never_called_wrong(
        world in world(), had: [bool; 3], mut given: [bool; 6], days in 0..4_u32, first in 0..3_usize,
    ) {
        let had = [&[true, true], &had[..]].concat();
        let inputs: Vec<InputFile<'_>> =
            world.files_of(&world.population).into_iter().zip(had).filter(|(_, had)| *had).map(|(file, _)| file).collect();
        let feeds = world.feeds(&inputs, days);
        // To the checker, a day without its run file is a run of its own, to which these tables do not belong.
        given[0] |= days > 1 && (given[3] || given[4]);
        let of_feed = if given[0] { 4 } else { 3 };
        let feeds = feeds[first.min(feeds.len() - 1)..].iter().flat_map(|feed| &feed[..of_feed]);
        let feeds = feeds.map(|(name, bytes)| GivenFile { name, bytes });
        let inputs = inputs.iter().zip(&given[1..]).filter(|(_, given)| **given);
        let inputs = inputs.map(|(file, _)| GivenFile { name: &file.name, bytes: &file.bytes });
        let report = check(&feeds.chain(inputs).collect::<Vec<_>>());
        prop_assert!(report.is_clean(), "{:#?}", report);
    }
}
