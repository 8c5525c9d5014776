//! Conditions of a search.
//!
//! Source: <https://learn.microsoft.com/azure/devops/boards/queries/query-operators-variables>

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Number, Value};

use super::names::FieldName;

/// One comparison.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Filter {
    /// Field, by reference name or display name.
    pub field: FieldName,
    /// How it is compared.
    pub operator: Operator,
    /// Value to compare with: text, a number, true or false; a list of texts and numbers for `IN` and `NOT IN`; omitted
    /// for `IS EMPTY` and `IS NOT EMPTY`. Always taken literally.
    pub value: Option<FilterValue>,
    /// Instead of `value`: a macro that the provider resolves.
    #[serde(rename = "macro")]
    pub stand_in: Option<Macro>,
    /// Number of days (weeks, months, years) after the macro's date; negative for before.
    #[schemars(range(min = -10_000, max = 10_000))]
    pub offset: Option<i32>,
}

/// Several comparisons that are joined in a way of their own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Group {
    /// How they are joined.
    pub join: Join,
    /// The comparisons.
    #[schemars(length(min = 1, max = 100))]
    pub filters: Vec<Filter>,
}

/// How conditions are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schemars(inline)]
#[expect(
    missing_docs,
    reason = "a variant is its word; a comment would become part of the schema"
)]
pub enum Join {
    #[default]
    And,
    Or,
}

impl Join {
    /// The word between two conditions.
    pub fn word(self) -> &'static str {
        match self {
            Self::And => " AND ",
            Self::Or => " OR ",
        }
    }
}

/// Makes an enum of words that stand in a query as they stand in the input.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
        #[schemars(inline)]
        #[expect(missing_docs, reason = "a variant is its word; a comment would become part of the schema")]
        pub enum $name { $(#[serde(rename = $word)] $variant,)* }

        impl $name {
            /// Every word.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words! {
    /// How a field is compared.
    Operator {
        Equal = "=",
        NotEqual = "<>",
        Less = "<",
        AtMost = "<=",
        Greater = ">",
        AtLeast = ">=",
        In = "IN",
        NotIn = "NOT IN",
        Contains = "CONTAINS",
        NotContains = "NOT CONTAINS",
        ContainsWords = "CONTAINS WORDS",
        NotContainsWords = "NOT CONTAINS WORDS",
        Under = "UNDER",
        NotUnder = "NOT UNDER",
        Ever = "EVER",
        NotEver = "NOT EVER",
        IsEmpty = "IS EMPTY",
        IsNotEmpty = "IS NOT EMPTY",
    }
}

words! {
    /// What the provider fills in: the account's user, or a moment.
    Macro {
        Me = "@Me",
        Today = "@Today",
        StartOfDay = "@StartOfDay",
        StartOfWeek = "@StartOfWeek",
        StartOfMonth = "@StartOfMonth",
        StartOfYear = "@StartOfYear",
    }
}

/// A literal, or a list of them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum FilterValue {
    /// One.
    One(Literal),
    /// Several.
    Many(Vec<Literal>),
}

/// A literal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Literal {
    /// `true`, `false`
    Boolean(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(String),
}

impl JsonSchema for FilterValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "FilterValue".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "number", "boolean", "array"],
            "minItems": 1,
            "maxItems": 1000,
            "items": {"type": ["string", "number"]},
        })
    }
}

/// What stands behind the operator.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand<'a> {
    /// One literal.
    One(&'a Literal),
    /// A list.
    Many(&'a [Literal]),
    /// A macro and how far from it.
    Macro(Macro, i32),
    /// Nothing.
    None,
}

/// A filter whose parts do not fit together; says what would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FilterError(&'static str);

impl Filter {
    /// What stands behind the operator.
    ///
    /// # Errors
    /// [`FilterError`] when operator and value do not fit.
    pub fn operand(&self) -> Result<Operand<'_>, FilterError> {
        let needs = |text| Err(FilterError(text));
        if self.offset.is_some() && self.stand_in.is_none_or(|word| word == Macro::Me) {
            return needs("`offset` needs a `macro` that is a moment");
        }
        match (self.operator, &self.value, self.stand_in) {
            (Operator::IsEmpty | Operator::IsNotEmpty, None, None) => Ok(Operand::None),
            (Operator::IsEmpty | Operator::IsNotEmpty, ..) => {
                needs("this operator takes neither `value` nor `macro`")
            }
            (_, Some(_), Some(_)) => needs("has both `value` and `macro`; one of them is needed"),
            (_, None, None) => needs("needs a `value`, or a `macro`"),
            (Operator::In | Operator::NotIn, Some(FilterValue::Many(list)), None) => {
                Ok(Operand::Many(list))
            }
            (Operator::In | Operator::NotIn, ..) => needs("this operator needs a list as `value`"),
            (_, Some(FilterValue::Many(_)), None) => {
                needs("a list as `value` needs the operator `IN` or `NOT IN`")
            }
            (operator, Some(FilterValue::One(one)), None)
                if operator.is_of_text() && !matches!(one, Literal::Text(_)) =>
            {
                needs("this operator needs text as `value`")
            }
            (_, Some(FilterValue::One(one)), None) => Ok(Operand::One(one)),
            (operator, None, Some(_)) if operator.is_of_text() => {
                needs("this operator needs text as `value`")
            }
            (_, None, Some(word)) => Ok(Operand::Macro(word, self.offset.unwrap_or(0))),
        }
    }
}

impl Operator {
    fn is_of_text(self) -> bool {
        matches!(
            self,
            Self::Contains
                | Self::NotContains
                | Self::ContainsWords
                | Self::NotContainsWords
                | Self::Under
                | Self::NotUnder
        )
    }
}

/// What is wrong with `raw`, beside what its schema says. Something of another form has nothing more to be told.
pub fn filter_fault(raw: &Value) -> Option<FilterError> {
    let filter: Filter = serde_json::from_value(raw.clone()).ok()?;
    filter.operand().err()
}
