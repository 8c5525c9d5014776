//! Conditions: an OR of ANDs of comparisons.

mod compare;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// True when one of its groups is true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Condition {
    /// Groups, of which one must be true.
    #[schemars(length(min = 1, max = 50))]
    pub any: Vec<Group>,
}

/// True when all of its comparisons are true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Group {
    /// Comparisons, which must all be true.
    #[schemars(length(min = 1, max = 50))]
    pub all: Vec<Comparison>,
}

/// One comparison. Values that cannot be compared, such as a text and a number, make it false.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Comparison {
    /// What is compared: a reference, or text with references.
    pub left: Value,
    /// Operator.
    pub operator: Operator,
    /// Value to compare with; omitted for operators that use only `left`.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub right: Value,
}

/// Operators with the names that clients of the API know.
macro_rules! operators {
    ($($(#[doc = $doc:literal])+ $name:ident = $wire:literal, $operands:literal;)+) => {
        /// How two values are compared.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        pub enum Operator {
            $($(#[doc = $doc])+ #[serde(rename = $wire)] $name,)+
        }

        impl Operator {
            /// Every operator.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its name in definitions.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $wire,)+ }
            }

            /// Whether it needs a value on the right.
            pub const fn needs_right(self) -> bool {
                match self { $(Self::$name => $operands == 2,)+ }
            }
        }
    };
}

operators! {
    /// The text contains the other.
    StringContains = "$stringContains", 2;
    /// It does not.
    StringDoesNotContain = "$stringDoesNotContain", 2;
    /// The texts are equal.
    StringExactlyMatches = "$stringExactlyMatches", 2;
    /// They are not.
    StringDoesNotExactlyMatch = "$stringDoesNotExactlyMatch", 2;
    /// The text is one of a list, or of a text with commas.
    StringIsIn = "$stringIsIn", 2;
    /// It is none of them.
    StringIsNotIn = "$stringIsNotIn", 2;
    /// The text begins with the other.
    StringStartsWith = "$stringStartsWith", 2;
    /// It does not.
    StringDoesNotStartWith = "$stringDoesNotStartWith", 2;
    /// The text ends with the other.
    StringEndsWith = "$stringEndsWith", 2;
    /// It does not.
    StringDoesNotEndWith = "$stringDoesNotEndWith", 2;
    /// The text comes after the other, by code points.
    StringGreaterThan = "$stringGreaterThan", 2;
    /// The text comes before the other.
    StringLessThan = "$stringLessThan", 2;
    /// The number is greater.
    NumberGreaterThan = "$numberGreaterThan", 2;
    /// The number is less.
    NumberLessThan = "$numberLessThan", 2;
    /// The numbers are equal.
    NumberEquals = "$numberEquals", 2;
    /// They are not.
    NumberDoesNotEqual = "$numberDoesNotEqual", 2;
    /// The number is less or equal.
    NumberLessThanOrEqualTo = "$numberLessThanOrEqualTo", 2;
    /// The number is greater or equal.
    NumberGreaterThanOrEqualTo = "$numberGreaterThanOrEqualTo", 2;
    /// The time is later. Times are RFC 3339, or dates, which begin at midnight UTC.
    DateTimeAfter = "$dateTimeAfter", 2;
    /// The time is earlier.
    DateTimeBefore = "$dateTimeBefore", 2;
    /// It is the same moment.
    DateTimeEquals = "$dateTimeEquals", 2;
    /// It is true.
    BooleanTrue = "$booleanTrue", 1;
    /// It is false.
    BooleanFalse = "$booleanFalse", 1;
    /// It is there and not null.
    IsNotNull = "$exists", 1;
    /// It is null, or not there.
    IsNull = "$doesNotExist", 1;
    /// It is there and not null.
    Exists = "$isNotUndefinedOrNull", 1;
    /// It is null, or not there.
    DoesNotExist = "$isUndefinedOrNull", 1;
    /// It is an entry of the list.
    ArrayIsIn = "$arrayIsIn", 2;
    /// It is none.
    ArrayIsNotIn = "$arrayIsNotIn", 2;
    /// The list has no entry.
    ArrayIsEmpty = "$arrayIsEmpty", 1;
    /// The list has one or more.
    ArrayIsNotEmpty = "$arrayIsNotEmpty", 1;
}

impl Operator {
    /// Whether `left` and `right` compare so. `Null` stands for what is not there.
    pub fn holds(self, left: &Value, right: &Value) -> bool {
        compare::holds(self, left, right)
    }
}

impl Condition {
    /// Whether it holds, with what `value` gives for the sides of each comparison.
    ///
    /// # Errors
    /// The first of `value`; comparisons behind what already decides are not looked at.
    pub fn holds<E>(&self, mut value: impl FnMut(&Value) -> Result<Value, E>) -> Result<bool, E> {
        for group in &self.any {
            let mut all = true;
            for comparison in &group.all {
                let (left, right) = (value(&comparison.left)?, value(&comparison.right)?);
                if !comparison.operator.holds(&left, &right) {
                    all = false;
                    break;
                }
            }
            if all {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
