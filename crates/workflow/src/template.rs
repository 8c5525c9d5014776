//! Texts with references in them: `Hello {{user.meta.name}}`.
//!
//! `\{{` is a literal `{{`, and `\\{{` a backslash before a reference. A text is read once: what a reference stands for
//! is never read for references again, so nobody can bring in one of their own with a value.

use serde_json::Value;

use super::reference::{Reference, ReferenceError};

const OPEN: &str = "{{";
const CLOSE: &str = "}}";

/// A text with references.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    parts: Vec<Part>,
}

/// A part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Reference {
        reference: Reference,
        position: usize,
    },
}

/// The text is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (character {})", self.position + 1)]
pub struct TemplateError {
    /// Characters before the fault, from the beginning of the text.
    pub position: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Template {
    /// Reads `text`.
    ///
    /// # Errors
    /// The first fault.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut template = Self::default();
        let (mut rest, mut before) = (text, 0);
        while let Some((head, tail)) = rest.split_once(OPEN) {
            let backslashes = head.len() - head.trim_end_matches('\\').len();
            template.push_text(&head[..head.len() - backslashes.div_ceil(2)]);
            before += head.chars().count() + OPEN.len();
            rest = tail;
            if backslashes % 2 == 1 {
                template.push_text(OPEN);
                continue;
            }
            let end = reference_end(tail).ok_or_else(|| TemplateError {
                position: before - OPEN.len(),
                message: "`{{` is not closed by `}}`; write `\\{{` for the braces themselves"
                    .into(),
            })?;
            let inner = &tail[..end];
            let reference = Reference::parse(inner).map_err(|error| displaced(error, before))?;
            let position = before - OPEN.len();
            template.parts.push(Part::Reference {
                reference,
                position,
            });
            before += inner.chars().count() + CLOSE.len();
            rest = &tail[end + CLOSE.len()..];
        }
        template.push_text(rest);
        Ok(template)
    }

    fn push_text(&mut self, text: &str) {
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Text(last)) => last.push_str(text),
            _ => self.parts.push(Part::Text(text.to_owned())),
        }
    }

    /// Its references, and how many characters stand before each.
    pub fn references(&self) -> impl Iterator<Item = (&Reference, usize)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Reference {
                reference,
                position,
            } => Some((reference, *position)),
            Part::Text(_) => None,
        })
    }

    /// The reference that it is, when it is one alone: then its value keeps its type.
    pub fn alone(&self) -> Option<&Reference> {
        match self.parts.as_slice() {
            [Part::Reference { reference, .. }] => Some(reference),
            _ => None,
        }
    }

    /// The value, with what `look_up` gives in place of each reference.
    ///
    /// # Errors
    /// The first of `look_up`, with the number of characters before its reference.
    pub fn fill<E>(
        &self,
        mut look_up: impl FnMut(&Reference) -> Result<Value, E>,
    ) -> Result<Value, (usize, E)> {
        if let Some(reference) = self.alone() {
            return look_up(reference).map_err(|error| (0, error));
        }
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Reference {
                    reference,
                    position,
                } => {
                    let value = look_up(reference).map_err(|error| (*position, error))?;
                    text.push_str(&as_text(&value));
                }
            }
        }
        Ok(Value::String(text))
    }
}

/// A value inside text: texts as they are, nothing for null, others as JSON.
pub fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `text` so that a template of it gives `text`.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once(OPEN) {
        let backslashes = head.len() - head.trim_end_matches('\\').len();
        escaped.push_str(head);
        escaped.extend(std::iter::repeat_n('\\', backslashes + 1));
        escaped.push_str(OPEN);
        rest = tail;
    }
    escaped.push_str(rest);
    escaped
}

/// Bytes before the `}}` that ends a reference: braces in quotes do not count.
fn reference_end(text: &str) -> Option<usize> {
    let (mut quote, mut is_escaped) = (None, false);
    for (at, sign) in text.char_indices() {
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if sign == '\\' => is_escaped = true,
            Some(open) if sign == open => quote = None,
            None if text[at..].starts_with(CLOSE) => return Some(at),
            None if matches!(sign, '"' | '\'') => quote = Some(sign),
            Some(_) | None => {}
        }
    }
    None
}

fn displaced(error: ReferenceError, before: usize) -> TemplateError {
    TemplateError {
        position: before + error.position,
        message: error.message,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn filled(text: &str) -> Value {
        let template = Template::parse(text).expect(text);
        let value = |reference: &Reference| match reference.to_string().as_str() {
            "1.output.number" => Ok(json!(7)),
            "1.output.list" => Ok(json!([1, "a"])),
            "1.output.nothing" => Ok(Value::Null),
            "user.id" => Ok(json!("ada")),
            "settings.evil" => Ok(json!("{{secrets.KEY}}")),
            "1.output[\"}}\"]" => Ok(json!("braces")),
            other => Err(other.to_owned()),
        };
        template.fill(value).expect("values")
    }

    #[test]
    fn alone_it_keeps_its_type_and_in_text_it_is_text() {
        let cases = [
            ("plain }} text", json!("plain }} text")),
            ("", json!("")),
            ("{{1.output.number}}", json!(7)),
            ("{{ 1.output.list }}", json!([1, "a"])),
            (" {{1.output.number}}", json!(" 7")),
            ("{{user.id}}: {{1.output.list}}", json!("ada: [1,\"a\"]")),
            ("<{{1.output.nothing}}>", json!("<>")),
            (r"\{{user.id}}", json!("{{user.id}}")),
            (r"\\{{user.id}}", json!(r"\ada")),
            (r"\\\{{user.id}}", json!(r"\{{user.id}}")),
            (r"C:\dir\x", json!(r"C:\dir\x")),
            ("{{1.output[\"}}\"]}}!", json!("braces!")),
        ];
        for (text, value) in cases {
            assert_eq!(filled(text), value, "{text}");
        }
    }

    #[test]
    fn a_value_brings_in_no_reference() {
        assert_eq!(filled("{{settings.evil}}"), json!("{{secrets.KEY}}"));
        assert_eq!(filled("a {{settings.evil}}"), json!("a {{secrets.KEY}}"));
    }

    #[test]
    fn faults_stand_where_they_are_in_the_whole_text() {
        let cases = [
            ("ä {{1.output", 2, "is not closed"),
            ("ä {{1.input}}", 10, "comes `.output`"),
            ("{{}}", 2, "starts with"),
            ("{{user.id}} {{x}}", 15, "expected `.output`"),
            ("{{1.output['a}}", 0, "is not closed"),
        ];
        for (text, position, message) in cases {
            let error = Template::parse(text).expect_err(text);
            assert_eq!(error.position, position, "{text}: {error}");
            assert!(error.message.contains(message), "{text}: {error}");
        }
        let template = Template::parse("ä {{nobody.output}}").expect("a template");
        assert_eq!(template.fill(|_| Err(())), Err((2, ())));
    }

    proptest! {
        #[test]
        fn an_escaped_text_is_itself(text in r"[\\{}a-c\.]{0,24}") {
            let template = Template::parse(&escape(&text)).expect("a template");
            let value = template.fill(|_| Err::<Value, _>(()));
            prop_assert_eq!(value, Ok(Value::String(text)));
        }

        #[test]
        fn no_text_is_read_without_an_answer(text in r#"([\\{}\["'\].1]|output|user|id|\PC){0,24}"#) {
            match Template::parse(&text) {
                Ok(template) => drop(template.fill(|_| Ok::<_, ()>(Value::Null))),
                Err(error) => prop_assert!(error.position <= text.chars().count()),
            }
        }
    }
}
