//! A parsed query.

/// A query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Statement {
    pub(crate) columns: Vec<String>,
    pub(crate) source: Source,
    pub(crate) condition: Option<Condition>,
    /// Field and whether it is descending.
    pub(crate) order: Vec<(String, bool)>,
    pub(crate) mode: Option<Mode>,
    /// Text of the `ASOF` date.
    pub(crate) as_of: Option<String>,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// `FROM WorkItems`
    Items,
    /// `FROM WorkItemLinks`
    Links,
}

/// Which links count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Sources with a matching link.
    MustContain,
    /// All sources, with their matching links.
    MayContain,
    /// Sources without a matching link.
    DoesNotContain,
    /// The whole tree.
    Recursive,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Condition {
    /// All hold.
    And(Vec<Condition>),
    /// One holds.
    Or(Vec<Condition>),
    /// Does not hold.
    Not(Box<Condition>),
    /// One comparison.
    Test(Test),
}

/// A comparison.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Test {
    pub(crate) side: Side,
    pub(crate) field: String,
    pub(crate) operator: Operator,
    pub(crate) operand: Operand,
}

/// Whose field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// `[Source].[Field]`, and every field of a flat query.
    Source,
    /// `[Target].[Field]`
    Target,
    /// `[System.Links.LinkType]`
    Link,
}

/// How it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `IN`
    In,
    /// `CONTAINS`
    Contains,
    /// `CONTAINS WORDS`
    ContainsWords,
    /// `UNDER`
    Under,
    /// `EVER`, `WAS EVER`
    Ever,
    /// `IS EMPTY`
    Empty,
}

/// What it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    /// A quoted text.
    Text(String),
    /// A number.
    Number(f64),
    /// `@name`, plus so many days or iterations.
    Macro(String, i64),
    /// `@name('argument')`, plus so many days or iterations.
    Call(String, String, i64),
    /// Another field.
    Field(String),
    /// `GROUP 'name'`
    Group,
    /// A list in parentheses.
    List(Vec<Operand>),
    /// `IS EMPTY` has none.
    Nothing,
}
