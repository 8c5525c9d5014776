//! What a look at a definition finds out on its way, beside problems.

use super::known::Known;
use crate::definition::Step;

/// What was found out on the way.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    /// What each step gives, and each entry of a fan-out, in the order of the definition.
    pub known: Vec<(Given<'a>, Known)>,
    /// What each step may refer to, by its place.
    pub places: Vec<(String, Vec<String>)>,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'a> {
    /// The output of a step.
    Output(&'a Step),
    /// An entry of a fan-out's list.
    Item(&'a Step),
}
