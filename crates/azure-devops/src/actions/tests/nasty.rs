//! Text as attackers write it. The sandbox's tests read this file, too: they parse the queries that come of such text.

use proptest::prelude::*;

/// Pieces of attacks and of anything else: quotes, brackets, words of the grammar.
pub(super) fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("'".to_owned()),
        Just("''".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("' OR [System.Id] > 0 OR '' = '".to_owned()),
        Just("]".to_owned()),
        Just("--".to_owned()),
        Just("@me".to_owned()),
        Just(") ORDER BY [System.Id]".to_owned()),
        Just("\u{2019}\u{ff07}\0\r\n".to_owned()),
        "(?s).{0,8}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}
