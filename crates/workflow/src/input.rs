//! Settings that users fill in: of a workflow, and of an integration.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::field_mapping;

/// The source of choices that every field mapping takes its types and fields from.
pub const FIELD_MAPPING_SOURCE: &str = "workItemFields";

/// One workflow input, which users fill in.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Input {
    /// ID of the input, used in references.
    pub id: String,
    /// Label.
    pub title: String,
    /// What can be entered.
    #[serde(rename = "type")]
    pub kind: InputKind,
    /// Whether it must be filled in.
    #[serde(default)]
    pub required: bool,
    /// Help text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tooltip: Option<String>,
    /// Placeholder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// Default value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_value: Option<Value>,
    /// Choices of an `enum`; for a `custom_dropdown` or a `field_mapping`, the fallback when the app provides none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Choice>,
    /// Where the choices of a `dynamic_enum` come from (`projects`, `workItemTypes`…), or the key under which the app
    /// provides those of a `custom_dropdown` and the fields of a `field_mapping`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What can be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// One line.
    Text,
    /// Several lines.
    TextArea,
    /// A number.
    Number,
    /// An email address.
    Email,
    /// An http or https address.
    Url,
    /// Yes or no, as a checkbox.
    Boolean,
    /// Yes or no, as a switch.
    Switch,
    /// One of fixed choices.
    Enum,
    /// One of the choices read from the user's account.
    DynamicEnum,
    /// One of the choices that the app provides.
    CustomDropdown,
    /// Maps fields of the app to fields of work items.
    FieldMapping,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Shown.
    pub label: String,
    /// Stored.
    pub value: String,
}

impl InputKind {
    /// The name clients know it by.
    pub fn wire_name(self) -> &'static str {
        match self {
            Self::Text => "TEXT_NO_VARS",
            Self::TextArea => "TEXTAREA_NO_VARS",
            Self::Number => "NUMBER",
            Self::Email => "EMAIL",
            Self::Url => "URL",
            Self::Boolean => "BOOLEAN_INPUT",
            Self::Switch => "SWITCH",
            Self::Enum => "ENUM",
            Self::DynamicEnum => "DYNAMIC_ENUM",
            Self::CustomDropdown => "CUSTOM_DROPDOWN",
            Self::FieldMapping => "FIELD_MAPPER",
        }
    }
}

impl Input {
    /// The input as clients know it.
    pub fn to_json(&self) -> Value {
        let mut json = json!({
            "id": self.id,
            "title": self.title,
            "type": self.kind.wire_name(),
            "required": self.required,
        });
        let optional = [
            ("tooltip", self.tooltip.as_ref().map(|text| json!(text))),
            (
                "placeholder",
                self.placeholder.as_ref().map(|text| json!(text)),
            ),
            ("defaultValue", self.default_value.clone()),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                json[name] = value;
            }
        }
        match self.kind {
            InputKind::Enum => json["values"] = json!(self.values),
            InputKind::DynamicEnum => json["sourceType"] = json!(self.source),
            InputKind::CustomDropdown => {
                json["key"] = json!(self.source);
                json["keyIsDefault"] = json!(false);
                json["customDropdownOptions"] = json!(self.values);
            }
            InputKind::FieldMapping => {
                json["sourceType"] = json!(FIELD_MAPPING_SOURCE);
                json["useDynamicMapper"] = json!(true);
                json["dynamicObjectName"] = json!(self.source);
                json["dynamicObjectOptions"] = json!({ "fields": self.values });
                json["savedFieldMappings"] = json!([]);
            }
            _ => {}
        }
        json
    }

    /// Whether `value` can stand in this input.
    ///
    /// # Errors
    /// What is wrong, without the input's name.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        let text = || value.as_str().ok_or_else(|| "must be text".to_owned());
        match self.kind {
            InputKind::Number => match value.as_f64() {
                Some(_) => Ok(()),
                None => Err("must be a number".into()),
            },
            InputKind::Boolean | InputKind::Switch => match value.as_bool() {
                Some(_) => Ok(()),
                None => Err("must be true or false".into()),
            },
            InputKind::Email if !is_mail_address(text()?) => Err("must be an email address".into()),
            InputKind::Url if !is_web_address(text()?) => {
                Err("must be an http or https address".into())
            }
            InputKind::Enum => self.check_choice(text()?),
            InputKind::DynamicEnum if value.is_number() => Ok(()),
            InputKind::FieldMapping => field_mapping::check(value, self.required),
            _ => text().map(drop),
        }
    }

    /// JSON Schema of its value.
    pub(super) fn schema(&self) -> Value {
        match self.kind {
            InputKind::Number => json!({ "type": "number" }),
            InputKind::Boolean | InputKind::Switch => json!({ "type": "boolean" }),
            InputKind::DynamicEnum => json!({ "type": ["string", "number"] }),
            InputKind::FieldMapping => field_mapping::schema(),
            _ => json!({ "type": "string" }),
        }
    }

    fn check_choice(&self, text: &str) -> Result<(), String> {
        if self.values.iter().any(|choice| choice.value == text) {
            return Ok(());
        }
        let known: Vec<_> = self
            .values
            .iter()
            .map(|choice| format!("`{}`", choice.value))
            .collect();
        Err(format!("must be one of {}", known.join(", ")))
    }
}

/// A rough check: what stands before and behind one `@`; only a letter sent there proves more.
fn is_mail_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !text.chars().any(char::is_whitespace)
    })
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(kind: InputKind) -> Input {
        Input {
            id: "x".into(),
            title: "X".into(),
            kind,
            required: false,
            tooltip: None,
            placeholder: None,
            default_value: None,
            values: vec![Choice {
                label: "One".into(),
                value: "1".into(),
            }],
            source: Some("projects".into()),
        }
    }

    #[test]
    fn each_kind_takes_its_own_values_only() {
        let cases = [
            (InputKind::Text, json!("a"), json!(1)),
            (InputKind::TextArea, json!("a\nb"), json!(["a"])),
            (InputKind::Number, json!(1.5), json!("1.5")),
            (InputKind::Email, json!("ada@x.test"), json!("ada@")),
            (InputKind::Email, json!("a@b"), json!("a b@c")),
            (
                InputKind::Url,
                json!("https://x.test/a"),
                json!("javascript:alert(1)"),
            ),
            (InputKind::Boolean, json!(false), json!("false")),
            (InputKind::Switch, json!(true), json!(1)),
            (InputKind::Enum, json!("1"), json!("2")),
            (InputKind::Enum, json!("1"), json!(1)),
            (InputKind::DynamicEnum, json!("any"), json!({})),
            (InputKind::CustomDropdown, json!("any"), json!(null)),
            (
                InputKind::FieldMapping,
                json!({"objectMapping": "Bug"}),
                json!("Bug"),
            ),
        ];
        for (kind, good, bad) in cases {
            assert_eq!(input(kind).check(&good), Ok(()), "{kind:?} {good}");
            assert!(input(kind).check(&bad).is_err(), "{kind:?} {bad}");
        }
    }

    #[test]
    fn clients_see_the_shapes_they_know() {
        assert_eq!(
            input(InputKind::Enum).to_json()["values"],
            json!([{"label": "One", "value": "1"}])
        );
        let dynamic = input(InputKind::DynamicEnum).to_json();
        assert_eq!(
            (&dynamic["type"], &dynamic["sourceType"]),
            (&json!("DYNAMIC_ENUM"), &json!("projects"))
        );
        assert_eq!(
            input(InputKind::CustomDropdown).to_json()["key"],
            json!("projects")
        );
        let mapping = input(InputKind::FieldMapping).to_json();
        assert_eq!(mapping["dynamicObjectName"], json!("projects"));
        assert_eq!(
            mapping["dynamicObjectOptions"]["fields"][0]["label"],
            json!("One")
        );
    }
}
