//! JSON whose texts are templates: the parameters of a step.

use serde_json::{Map, Value};

use super::reference::Reference;
use super::template::{Template, TemplateError};

/// JSON with its templates read.
#[derive(Debug, Clone, PartialEq)]
pub enum Fields {
    /// Anything but text.
    Literal(Value),
    /// Text.
    Text(Template),
    /// A list.
    List(Vec<Fields>),
    /// An object, in the order of its members.
    Object(Vec<(String, Fields)>),
}

/// Something is wrong at a place of the JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError<E> {
    /// JSON pointer (RFC 6901) to the field.
    pub path: String,
    /// Characters before it in the text of the field.
    pub position: usize,
    /// What is wrong.
    pub error: E,
}

impl Fields {
    /// Reads the templates of `value`, which stands at `path`.
    ///
    /// # Errors
    /// The first fault of every text.
    pub fn parse(value: &Value, path: &str) -> Result<Self, Vec<FieldError<TemplateError>>> {
        let mut errors = Vec::new();
        let fields = read(value, path, &mut errors);
        if errors.is_empty() {
            Ok(fields)
        } else {
            Err(errors)
        }
    }

    /// Calls `see` with each reference, the pointer to its field below `path`, and the characters before it there.
    pub fn each_reference<'a>(
        &'a self,
        path: &str,
        see: &mut impl FnMut(&'a Reference, &str, usize),
    ) {
        self.each_text(path, &mut |template, path| {
            for (reference, position) in template.references() {
                see(reference, path, position);
            }
        });
    }

    /// Calls `see` with each text, and the pointer to it below `path`.
    pub fn each_text<'a>(&'a self, path: &str, see: &mut impl FnMut(&'a Template, &str)) {
        match self {
            Self::Literal(_) => {}
            Self::Text(template) => see(template, path),
            Self::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    item.each_text(&below(path, &at.to_string()), see);
                }
            }
            Self::Object(members) => {
                for (name, member) in members {
                    member.each_text(&below(path, name), see);
                }
            }
        }
    }

    /// The JSON with what `look_up` gives in place of each reference; it is asked in the order of
    /// [`Fields::each_reference`].
    ///
    /// # Errors
    /// The first of `look_up`.
    pub fn fill<E>(
        &self,
        path: &str,
        look_up: &mut impl FnMut(&Reference) -> Result<Value, E>,
    ) -> Result<Value, FieldError<E>> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Text(template) => {
                template
                    .fill(look_up)
                    .map_err(|(position, error)| FieldError {
                        path: path.to_owned(),
                        position,
                        error,
                    })
            }
            Self::List(items) => {
                let filled = items
                    .iter()
                    .enumerate()
                    .map(|(at, item)| item.fill(&below(path, &at.to_string()), look_up));
                filled.collect::<Result<_, _>>().map(Value::Array)
            }
            Self::Object(members) => {
                let filled = members.iter().map(|(name, member)| {
                    Ok((name.clone(), member.fill(&below(path, name), look_up)?))
                });
                filled.collect::<Result<Map<_, _>, _>>().map(Value::Object)
            }
        }
    }
}

fn read(value: &Value, path: &str, errors: &mut Vec<FieldError<TemplateError>>) -> Fields {
    match value {
        Value::String(text) => match Template::parse(text) {
            Ok(template) => Fields::Text(template),
            Err(error) => {
                errors.push(FieldError {
                    path: path.to_owned(),
                    position: error.position,
                    error,
                });
                Fields::Literal(Value::Null)
            }
        },
        Value::Array(items) => {
            let items = items.iter().enumerate();
            Fields::List(
                items
                    .map(|(at, item)| read(item, &below(path, &at.to_string()), errors))
                    .collect(),
            )
        }
        Value::Object(members) => {
            let members = members.iter();
            Fields::Object(
                members
                    .map(|(name, member)| (name.clone(), read(member, &below(path, name), errors)))
                    .collect(),
            )
        }
        other => Fields::Literal(other.clone()),
    }
}

/// `path` and one more step (RFC 6901).
pub fn below(path: &str, step: &str) -> String {
    let step = step.replace('~', "~0").replace('/', "~1");
    format!("{path}/{step}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_found_and_filled_in_the_same_order() {
        let value = json!({
            "title": "For {{user.id}} of {{user.meta.team}}",
            "list": [1, "{{1.output}}", {"a/b": "{{settings.x}}"}],
            "none": null,
        });
        let fields = Fields::parse(&value, "/p").expect("fields");
        let mut seen = Vec::new();
        fields.each_reference("/p", &mut |reference, path, position| {
            seen.push(format!("{path}@{position}: {reference}"));
        });
        assert_eq!(
            seen,
            [
                "/p/title@4: user.id",
                "/p/title@19: user.meta.team",
                "/p/list/1@0: 1.output",
                "/p/list/2/a~1b@0: settings.x",
            ]
        );
        let mut values = [json!("ada"), json!("x"), json!([1]), json!({"k": true})].into_iter();
        let filled = fields.fill("/p", &mut |_| values.next().ok_or(()));
        let expected = json!({
            "title": "For ada of x", "list": [1, [1], {"a/b": {"k": true}}], "none": null,
        });
        assert_eq!(filled, Ok(expected));
    }

    #[test]
    fn every_text_with_a_fault_is_told() {
        let value = json!({"a": "{{", "b": [{"c": "x {{y}}"}]});
        let errors = Fields::parse(&value, "").expect_err("faults");
        let places: Vec<_> = errors
            .iter()
            .map(|error| (error.path.as_str(), error.position))
            .collect();
        assert_eq!(places, [("/a", 0), ("/b/0/c", 5)]);
    }
}
