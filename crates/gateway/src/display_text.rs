//! Text from outside on its way to a person: nothing in it acts on the words around it.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// `text` on one line of at most `longest` characters, without control and format characters (bidi overrides,
/// zero-width characters), which could make it look like something else.
pub fn for_display(text: &str, longest: usize) -> String {
    let visible = text.chars().map(|character| {
        if character.is_whitespace() {
            ' '
        } else {
            character
        }
    });
    let visible: String = visible.filter(|character| !acts(*character)).collect();
    let mut words = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return "?".into();
    }
    if let Some((end, _)) = words.char_indices().nth(longest) {
        words.truncate(end);
        words.push('…');
    }
    words
}

fn acts(character: char) -> bool {
    character.general_category_group() == GeneralCategoryGroup::Other
        || matches!(
            character.general_category(),
            GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_other_words_is_gone() {
        for (given, shown) in [
            ("ada@contoso.example", "ada@contoso.example"),
            ("Zoë Ångström 李", "Zoë Ångström 李"),
            ("אדה", "אדה"),
            (
                "mallory\u{202e}moc.osotnoc@ada\u{202c}",
                "mallorymoc.osotnoc@ada",
            ),
            ("\u{2066}a\u{2069}\u{200e}\u{200f}\u{61c}b", "ab"),
            ("a\u{200b}\u{200d}\u{feff}\u{ad}b", "ab"),
            ("line\r\nof\u{2028}its\u{85}own", "line of its own"),
            ("\u{1b}[31mred\u{7}", "[31mred"),
            ("  wide\u{3000}\u{a0}\tspace ", "wide space"),
            ("\u{e0041}tag", "tag"),
            ("\u{202e}", "?"),
            ("", "?"),
        ] {
            assert_eq!(for_display(given, 64), shown, "{given:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(for_display(&"ä".repeat(20_000), 4), "ääää…");
        assert_eq!(for_display("abcd", 4), "abcd");
    }
}
