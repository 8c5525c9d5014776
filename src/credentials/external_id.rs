//! How apps name credentials and configurations: by the server's id, or by an external id, their own label.

/// What an app's id means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    /// The server's id.
    Id(&'a str),
    /// The app's label.
    ExternalId(&'a str),
}

impl<'a> Key<'a> {
    /// `ext:{x}` and everything that is no UUID is an external id.
    pub(crate) fn of(text: &'a str) -> Self {
        let text = text.trim();
        if is_uuid(text) {
            Self::Id(text)
        } else {
            Self::ExternalId(label(text))
        }
    }
}

/// The label in what an app gives as a new external id: without prefix and blanks around it.
pub(crate) fn label(given: &str) -> &str {
    let mut label = given.trim();
    while let Some(rest) = label.strip_prefix("ext:") {
        label = rest.trim();
    }
    label
}

/// The form that the reference accepts as an id: version digit 0-5, variant 0, 8, 9, a or b.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => (b'0'..=b'5').contains(&byte),
            19 => b"089abAB".contains(&byte),
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_versions_0_to_5() {
        assert!(is_uuid("c0000000-0000-4000-8000-0000000000a1"));
        assert!(is_uuid("00000000-0000-0000-0000-000000000000"));
        for other in [
            "",
            "main",
            "c0000000-0000-7000-8000-0000000000a1",
            "c0000000-0000-4000-7000-0000000000a1",
        ] {
            assert!(!is_uuid(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_uuid_is_an_external_id() {
        let id = "c0000000-0000-4000-8000-0000000000a1";
        assert_eq!(Key::of(" ext:main "), Key::ExternalId("main"));
        assert_eq!(Key::of("main"), Key::ExternalId("main"));
        assert_eq!(Key::of(id), Key::Id(id));
    }

    #[test]
    fn a_label_has_neither_prefix_nor_blanks() {
        for (given, expected) in [
            ("ext:", ""),
            ("ext: ", ""),
            (" acct-1 ", "acct-1"),
            ("ext: acct-1", "acct-1"),
            ("ext:ext:acct-1", "acct-1"),
            ("external", "external"),
        ] {
            assert_eq!(label(given), expected);
        }
    }

    proptest! {
        #[test]
        fn a_label_is_what_its_key_says(given in "(ext:)?[ a-z0-9-]{0,12}") {
            prop_assert_eq!(Key::of(&given), Key::ExternalId(label(&given)));
        }
    }
}
