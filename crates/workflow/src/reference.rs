//! References to values of a run: `1.output.contact.email`, as they stand between `{{` and `}}`.

use std::fmt;

/// Words that begin a reference and can therefore be no step's id.
pub const RESERVED: &[&str] = &["settings", "user", "secrets"];

/// What a reference begins with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Root {
    /// `{id}.output`: what a step, or the trigger under the id `trigger`, gave.
    Output(String),
    /// `{id}.item`: the entry that a fan-out is at; inside its steps alone.
    Item(String),
    /// `{id}.index`: the number of that entry, from 0.
    Index(String),
    /// `settings`: what the user set for this workflow, over what they set for all.
    Settings,
    /// `user.id`.
    UserId,
    /// `user.meta`: what the app said of the user.
    UserMeta,
    /// `secrets.{name}`: a secret of the project.
    Secret(String),
}

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// `.name` or `["name"]`: a member of an object; a number also an entry of a list.
    Name(String),
    /// `[0]`: an entry of a list.
    Index(usize),
}

/// A reference to a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    /// What it begins with.
    pub root: Root,
    /// The way from there.
    pub path: Vec<Segment>,
}

/// The text is no reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReferenceError {
    /// Characters before the fault, from the beginning of the reference.
    pub position: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Reference {
    /// A reference to the whole of `root`.
    pub const fn to(root: Root) -> Self {
        Self {
            root,
            path: Vec::new(),
        }
    }

    /// A reference to a part of it.
    #[must_use]
    pub fn below(&self, segment: Segment) -> Self {
        let mut below = self.clone();
        below.path.push(segment);
        below
    }

    /// Reads `text`, without its braces; blanks around it do not count.
    ///
    /// # Errors
    /// [`ReferenceError`] with the first fault.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let mut parser = Parser {
            chars: text.chars().collect(),
            at: 0,
        };
        parser.skip_blanks();
        let reference = parser.reference()?;
        parser.skip_blanks();
        if parser.at < parser.chars.len() {
            return Err(parser.fault("expected `.name`, `[0]`, `[\"name\"]` or the end"));
        }
        Ok(reference)
    }
}

/// Whether `text` can be the id of a step: 1 to 64 letters, digits, `-` or `_`.
pub fn is_step_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| is_id_char(char::from(byte)))
}

fn is_id_char(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_')
}

/// What may stand in a name without quotes.
fn is_name_char(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '-' | '_' | '$' | '@')
}

struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    fn reference(&mut self) -> Result<Reference, ReferenceError> {
        let word = self.word(is_id_char);
        let root = match word.as_str() {
            "" => {
                return Err(self
                    .fault("a reference starts with a step ID, `settings`, `user` or `secrets`"));
            }
            "settings" => Root::Settings,
            "user" => match self.member("id or meta")?.as_str() {
                "id" => Root::UserId,
                "meta" => Root::UserMeta,
                _ => return Err(self.fault_before("after `user` comes `.id` or `.meta`")),
            },
            "secrets" => Root::Secret(self.member("name")?),
            _ => match self.member("output")?.as_str() {
                "output" => Root::Output(word),
                "item" => Root::Item(word),
                "index" => Root::Index(word),
                _ => {
                    let text = format!(
                        "after `{word}` comes `.output`, or inside a fan-out `.item` or `.index`"
                    );
                    return Err(self.fault_before(&text));
                }
            },
        };
        let mut path = Vec::new();
        while let Some(segment) = self.segment()? {
            path.push(segment);
        }
        let has_no_parts = matches!(root, Root::UserId | Root::Index(_) | Root::Secret(_));
        if has_no_parts && !path.is_empty() {
            return Err(self.fault_before("this is a single value and has no parts"));
        }
        Ok(Reference { root, path })
    }

    /// `.name`, which must follow.
    fn member(&mut self, wanted: &str) -> Result<String, ReferenceError> {
        match self.segment()? {
            Some(Segment::Name(name)) => Ok(name),
            _ => Err(self.fault(&format!("expected `.{wanted}`"))),
        }
    }

    fn segment(&mut self) -> Result<Option<Segment>, ReferenceError> {
        match self.peek() {
            Some('.') => {
                self.at += 1;
                let name = self.word(is_name_char);
                if name.is_empty() {
                    return Err(
                        self.fault("after `.` comes a name; write others as `[\"a name\"]`")
                    );
                }
                Ok(Some(Segment::Name(name)))
            }
            Some('[') => {
                self.at += 1;
                let segment = self.in_brackets()?;
                if self.peek() != Some(']') {
                    return Err(self.fault("expected `]`"));
                }
                self.at += 1;
                Ok(Some(segment))
            }
            _ => Ok(None),
        }
    }

    fn in_brackets(&mut self) -> Result<Segment, ReferenceError> {
        if let Some(quote @ ('"' | '\'')) = self.peek() {
            self.at += 1;
            return self.quoted(quote).map(Segment::Name);
        }
        let digits = self.word(|sign| sign.is_ascii_digit());
        digits
            .parse()
            .map(Segment::Index)
            .map_err(|_| self.fault("expected a number or a quoted name between `[` and `]`"))
    }

    /// Up to the quote; in it a backslash stands before a quote or another backslash.
    fn quoted(&mut self, quote: char) -> Result<String, ReferenceError> {
        let mut name = String::new();
        loop {
            let Some(sign) = self.peek() else {
                return Err(self.fault(&format!("the quote {quote} is not closed")));
            };
            self.at += 1;
            match sign {
                '\\' => match self.peek() {
                    Some(escaped @ ('\\' | '"' | '\'')) => {
                        self.at += 1;
                        name.push(escaped);
                    }
                    _ => return Err(self.fault("after `\\` comes a quote or another `\\`")),
                },
                _ if sign == quote => return Ok(name),
                _ => name.push(sign),
            }
        }
    }

    fn word(&mut self, allowed: impl Fn(char) -> bool) -> String {
        let word: String = self.chars[self.at..]
            .iter()
            .take_while(|sign| allowed(**sign))
            .collect();
        self.at += word.chars().count();
        word
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn fault(&self, message: &str) -> ReferenceError {
        ReferenceError {
            position: self.at,
            message: message.to_owned(),
        }
    }

    /// The fault is in what was read last.
    fn fault_before(&self, message: &str) -> ReferenceError {
        ReferenceError {
            position: self.at.saturating_sub(1),
            message: message.to_owned(),
        }
    }
}

/// As it is written; reading that gives the same reference.
impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.root {
            Root::Output(step) => write!(out, "{step}.output")?,
            Root::Item(step) => write!(out, "{step}.item")?,
            Root::Index(step) => write!(out, "{step}.index")?,
            Root::Settings => out.write_str("settings")?,
            Root::UserId => out.write_str("user.id")?,
            Root::UserMeta => out.write_str("user.meta")?,
            Root::Secret(name) => write!(out, "secrets{}", Segment::Name(name.clone()))?,
        }
        self.path.iter().try_for_each(|segment| segment.fmt(out))
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(out, "[{index}]"),
            Self::Name(name) if !name.is_empty() && name.chars().all(is_name_char) => {
                write!(out, ".{name}")
            }
            Self::Name(name) => {
                let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
                write!(out, "[\"{escaped}\"]")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn output(step: &str, path: &[Segment]) -> Reference {
        Reference {
            root: Root::Output(step.to_owned()),
            path: path.to_vec(),
        }
    }

    #[test]
    fn every_form_is_read() {
        let name = |name: &str| Segment::Name(name.to_owned());
        assert_eq!(
            Reference::parse(" 1.output.contact.email "),
            Ok(output("1", &[name("contact"), name("email")]))
        );
        assert_eq!(
            Reference::parse(r#"find-it.output[0]["System.Title"]['it\'s']"#),
            Ok(output(
                "find-it",
                &[Segment::Index(0), name("System.Title"), name("it's")]
            ))
        );
        let roots = [
            ("settings.x", Root::Settings),
            ("user.id", Root::UserId),
            ("user.meta.team", Root::UserMeta),
            ("secrets.KEY", Root::Secret("KEY".into())),
            ("2.item.id", Root::Item("2".into())),
            ("2.index", Root::Index("2".into())),
        ];
        for (text, root) in roots {
            assert_eq!(
                Reference::parse(text).map(|one| one.root),
                Ok(root),
                "{text}"
            );
        }
    }

    #[test]
    fn faults_say_where_and_what_would_be_right() {
        let cases = [
            ("", 0, "starts with a step ID"),
            (".output", 0, "starts with a step ID"),
            ("1", 1, "expected `.output`"),
            ("1.input", 6, "after `1` comes `.output`"),
            ("user", 4, "expected `.id or meta`"),
            ("user.name", 8, "`.id` or `.meta`"),
            ("user.id.x", 8, "single value"),
            ("secrets.A.b", 10, "single value"),
            ("1.output.", 9, "comes a name"),
            ("1.output..x", 9, "comes a name"),
            ("1.output[", 9, "a number or a quoted name"),
            ("1.output[0", 10, "expected `]`"),
            ("1.output[\"a]", 12, "is not closed"),
            ("1.output[99999999999999999999]", 29, "a number"),
            ("1.output x", 9, "or the end"),
            ("1.output}", 8, "or the end"),
        ];
        for (text, position, message) in cases {
            let error = Reference::parse(text).expect_err(text);
            assert_eq!(error.position, position, "{text}: {error}");
            assert!(error.message.contains(message), "{text}: {error}");
        }
    }

    fn segment() -> impl Strategy<Value = Segment> {
        prop_oneof![
            any::<usize>().prop_map(Segment::Index),
            ".*".prop_map(Segment::Name)
        ]
    }

    fn reference() -> impl Strategy<Value = Reference> {
        let id = "[A-Za-z0-9_-]{1,8}"
            .prop_filter("a reserved word", |id| !RESERVED.contains(&id.as_str()));
        let root = prop_oneof![
            id.clone().prop_map(Root::Output),
            id.prop_map(Root::Item),
            Just(Root::Settings),
            Just(Root::UserMeta),
        ];
        let whole = (root, prop::collection::vec(segment(), 0..4))
            .prop_map(|(root, path)| Reference { root, path });
        let single =
            prop_oneof![".*".prop_map(Root::Secret), Just(Root::UserId)].prop_map(|root| {
                Reference {
                    root,
                    path: Vec::new(),
                }
            });
        prop_oneof![whole, single]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(reference in reference()) {
            prop_assert_eq!(Reference::parse(&reference.to_string()), Ok(reference));
        }

        #[test]
        fn no_text_is_read_without_an_answer(text in ".*") {
            if let Err(error) = Reference::parse(&text) {
                prop_assert!(error.position <= text.chars().count());
            }
        }
    }
}
