//! Making values: texts, numbers, objects, lists.

use super::{FALSE, TRUE, Text, Value, address, bytes, from_handle, imports};

/// `template` with its gaps filled: `{}` with a text, `{%}` with one component of a URL.
macro_rules! fill {
    ($template:expr, $a:expr) => {
        $crate::value::fill!($template, $a, $crate::value::UNDEFINED)
    };
    ($template:expr, $a:expr, $b:expr) => {
        $crate::value::fill!($template, $a, $b, $crate::value::UNDEFINED)
    };
    ($template:expr, $a:expr, $b:expr, $c:expr) => {
        $crate::value::filled($template, $a, $b, $c)
    };
}
pub(crate) use fill;

/// A list of these values: the usual context of a step.
macro_rules! list {
    ($($item:expr),*) => { $crate::value::new_list()$(.push($item))* };
}
pub(crate) use list;

/// See [`fill!`].
pub(crate) fn filled(template: Text, a: Value, b: Value, c: Value) -> Value {
    from_handle(imports::fill(
        template.0,
        a.handle(),
        b.handle(),
        c.handle(),
    ))
}

/// A text of the core's own.
pub(crate) fn text(text: Text) -> Value {
    from_handle(imports::literal(text.0))
}

/// A text made at run time, from UTF-8.
pub(crate) fn made_text(text: &[u8]) -> Value {
    from_handle(imports::string(address(text), bytes(text)))
}

/// A number.
pub(crate) fn from_number(value: f64) -> Value {
    from_handle(imports::number(value))
}

/// `true` or `false`.
pub(crate) fn from_bool(value: bool) -> Value {
    if value { TRUE } else { FALSE }
}

/// `{}`.
pub(crate) fn new_object() -> Value {
    from_handle(imports::object())
}

/// `[]`.
pub(crate) fn new_list() -> Value {
    from_handle(imports::array())
}
