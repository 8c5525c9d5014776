//! Texts that go into a query or a path: checked when they come in, so that what is built of them needs no trust.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::field_sources::{is_name, segment};

/// Longest name of a field.
const MAX_FIELD_CHARS: usize = 128;
/// `format` of field names in schemas.
const FIELD_FORMAT: &str = "azure-devops-field";
/// `format` of names of projects and types in schemas.
const NAME_FORMAT: &str = "azure-devops-name";

/// The text has not the form it must have; says which form that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NameError(&'static str);

const FIELD_RULE: NameError = NameError(
    "must be the name of a field, such as `System.Title`: a letter, then letters, digits, dots, hyphens, underscores or single blanks",
);
const NAME_RULE: NameError = NameError(
    "must be a name or id: at most 256 characters, without slashes and control characters, not beginning with `_`",
);

/// Reference name (`System.Title`) or display name (`Area Path`) of a field.
///
/// Nothing that could end the brackets of `[…]` in a query or the segment of a JSON pointer can stand in it.
///
/// Source: <https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions>
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FieldName(String);

impl FieldName {
    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FieldName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        is_field(&text).then_some(Self(text)).ok_or(FIELD_RULE)
    }
}

fn is_field(text: &str) -> bool {
    let allowed = |sign: char| sign.is_alphanumeric() || matches!(sign, '.' | '-' | '_' | ' ');
    text.starts_with(char::is_alphabetic)
        && text.chars().count() <= MAX_FIELD_CHARS
        && text.chars().all(allowed)
        && !text.ends_with(' ')
        && !text.contains("  ")
}

/// Name or id of a project or work item type: one segment of a path.
///
/// Source: <https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions>
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PathName(String);

impl PathName {
    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as a segment of a path.
    pub fn segment(&self) -> String {
        segment(Some(&self.0))
    }
}

impl TryFrom<String> for PathName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        is_name(&text).then_some(Self(text)).ok_or(NAME_RULE)
    }
}

/// Beginning of a path at `project`, or at the organization.
pub fn project_prefix(project: Option<&PathName>) -> String {
    project.map_or_else(String::new, |project| format!("/{}", project.segment()))
}

/// Whether `text` is of `format`; formats of no meaning here take every text.
///
/// # Errors
/// What would be right.
pub fn check_format(format: &str, text: &str) -> Result<(), String> {
    let rule = match format {
        FIELD_FORMAT if !is_field(text) => FIELD_RULE,
        NAME_FORMAT if !is_name(text) => NAME_RULE,
        _ => return Ok(()),
    };
    Err(rule.to_string())
}

/// Values by name of field. `null` empties a field.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct FieldValues(pub Map<String, Value>);

/// Schemas of the types above; they stand in place of a reference.
macro_rules! schema_of {
    ($name:ident, $schema:tt) => {
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

schema_of!(FieldName, { "type": "string", "format": FIELD_FORMAT });
schema_of!(PathName, { "type": "string", "format": NAME_FORMAT });
schema_of!(FieldValues, {
    "type": "object",
    "propertyNames": { "format": FIELD_FORMAT },
    "additionalProperties": { "type": ["string", "number", "boolean", "null"] },
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_cannot_leave_their_brackets() {
        for good in [
            "System.Title",
            "Area Path",
            "Custom.5f0c2b1e-9b7a-4a51-8f55-0a5d8a2f1c11",
            "WEF_6CB5_Kanban.Column",
            "Größe",
        ] {
            assert_eq!(check_format(FIELD_FORMAT, good), Ok(()), "{good}");
        }
        let long = "a".repeat(MAX_FIELD_CHARS + 1);
        for bad in [
            "",
            " System.Title",
            "System.Title ",
            "a  b",
            "1",
            "A]",
            "A] = 1 OR [B",
            "[A]",
            "A'",
            "A\"",
            "A/B",
            "A~1",
            "A\n",
            "A,B",
            "@me",
            &long,
        ] {
            assert!(FieldName::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_of_projects_stay_one_segment() {
        let name = PathName::try_from("Großprojekt & Öl?#".to_owned()).expect("a name");
        assert_eq!(
            project_prefix(Some(&name)),
            "/Gro%C3%9Fprojekt%20%26%20%C3%96l%3F%23"
        );
        for bad in ["", "..", "a/b", "a\\b", "_apis", "a\r\nb"] {
            assert!(PathName::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }
}
