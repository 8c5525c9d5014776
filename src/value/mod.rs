//! JavaScript values as the core holds them: by handle.
//!
//! A [`Value`] is a number, so it is copied, compared and dropped for nothing; with `JsValue` in its place the core
//! would be two and a half times as large. INVARIANT: it is good until the call from JavaScript that made it returns,
//! so no Rust value outlives a call. What lives longer is a property of a JavaScript object, such as the instance
//! ([`crate::sdk::Sdk`]) or the context of a [`crate::steps::Step`], and is freed with it.
//!
//! `pkg/lib/values.js` is the other side.

mod imports;
mod list;
mod make;
mod run;
mod texts;

use std::num::NonZeroI32;

pub(crate) use self::make::{
    fill, filled, from_bool, from_number, list, made_text, new_list, new_object, text,
};
pub(crate) use self::run::{
    function, new_deferred, now_ms, promise, random_id, throw, throw_again,
};
pub(crate) use self::texts::{Text, t};

/// A JavaScript value. Compared with [`Value::same`] or [`Value::is`]: equal values may have different handles.
#[derive(Clone, Copy)]
pub(crate) struct Value(NonZeroI32);

/// Says that an error is pending: it is thrown at the app, or rejects its promise, when the core returns.
#[derive(Debug)]
pub(crate) struct Thrown(());

/// What came of it: a value, or a pending error.
pub(crate) type Outcome<T = Value> = Result<T, Thrown>;

/// `undefined`.
pub(crate) const UNDEFINED: Value = fixed(1);
/// `null`.
pub(crate) const NULL: Value = fixed(2);
/// `true`.
pub(crate) const TRUE: Value = fixed(3);
/// `false`.
pub(crate) const FALSE: Value = fixed(4);
/// `globalThis`.
pub(crate) const GLOBAL: Value = fixed(5);

const fn fixed(handle: i32) -> Value {
    match NonZeroI32::new(handle) {
        Some(handle) => Value(handle),
        None => panic!("no handle is 0"),
    }
}

/// A handle of the other side. 0 does not come where no error is possible; it would read as `undefined`.
fn from_handle(handle: i32) -> Value {
    NonZeroI32::new(handle).map_or(UNDEFINED, Value)
}

fn outcome(handle: i32) -> Outcome {
    NonZeroI32::new(handle).map(Value).ok_or(Thrown(()))
}

/// Where `text` is. The core's memory has 32-bit addresses.
fn address(text: impl AsRef<[u8]>) -> i32 {
    text.as_ref().as_ptr() as i32
}

/// Its length in bytes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "nothing is longer than the memory"
)]
fn bytes(text: impl AsRef<[u8]>) -> i32 {
    text.as_ref().len() as i32
}

impl From<i32> for Value {
    fn from(handle: i32) -> Self {
        from_handle(handle)
    }
}

impl Value {
    /// The number that the other side knows it by.
    pub(crate) fn handle(self) -> i32 {
        self.0.get()
    }

    // What it is.

    /// Whether it is `undefined`.
    pub(crate) fn is_undefined(self) -> bool {
        self.handle() == UNDEFINED.handle()
    }

    /// Whether it is `undefined` or `null`.
    pub(crate) fn is_nothing(self) -> bool {
        self.handle() <= NULL.handle()
    }

    /// Whether it is text.
    pub(crate) fn is_text(self) -> bool {
        imports::kind(self.handle()) == 3
    }

    /// Whether it is a function.
    pub(crate) fn is_function(self) -> bool {
        imports::kind(self.handle()) == 4
    }

    /// Whether it is a list.
    pub(crate) fn is_list(self) -> bool {
        imports::kind(self.handle()) == 5
    }

    /// Whether it is an object, a list too.
    pub(crate) fn is_object(self) -> bool {
        imports::kind(self.handle()) >= 5
    }

    /// Whether it is an object other than a list.
    pub(crate) fn is_record(self) -> bool {
        imports::kind(self.handle()) == 6
    }

    /// Whether it is truthy.
    pub(crate) fn is_true(self) -> bool {
        // The engine is not asked about `undefined`, which is most of what is asked about.
        !self.is_undefined() && imports::truth(self.handle()) != 0
    }

    /// Whether it is the text `text`.
    pub(crate) fn is(self, text: Text) -> bool {
        imports::is(self.handle(), text.0) != 0
    }

    /// Whether both are the same value (`===`).
    pub(crate) fn same(self, other: Value) -> bool {
        imports::same(self.handle(), other.handle()) != 0
    }

    /// Itself, if it is truthy.
    pub(crate) fn some(self) -> Option<Value> {
        self.is_true().then_some(self)
    }

    /// Itself, if it is truthy, else `other`.
    pub(crate) fn or(self, other: Value) -> Value {
        if self.is_true() { self } else { other }
    }

    /// Itself, if it is text that is not empty.
    pub(crate) fn non_empty(self) -> Option<Value> {
        (imports::extent(self.handle()) > 0).then_some(self)
    }

    /// Itself, if it is an object.
    pub(crate) fn record(self) -> Option<Value> {
        self.is_object().then_some(self)
    }

    // Text and numbers.

    /// The text as UTF-8; empty for what is none.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        // Of a character of UTF-16 come three bytes at the most.
        let room = imports::extent(self.handle()) * 3;
        let mut buffer = vec![0; usize::try_from(room).unwrap_or_default()];
        if room > 0 {
            let written = imports::read(self.handle(), address(&buffer), room);
            buffer.truncate(usize::try_from(written).unwrap_or_default());
        }
        buffer
    }

    /// The number; not a number for what is none.
    pub(crate) fn to_number(self) -> f64 {
        imports::float(self.handle())
    }

    /// The whole number; 0 for what is none.
    pub(crate) fn to_int(self) -> i32 {
        imports::integer(self.handle())
    }

    // Objects.

    /// Property `key`; `undefined` where there is none, or where reading it throws.
    pub(crate) fn get(self, key: Text) -> Value {
        from_handle(imports::get(self.handle(), key.0))
    }

    /// Own property `key`: for names from outside.
    pub(crate) fn own(self, key: Value) -> Value {
        from_handle(imports::own(self.handle(), key.handle()))
    }

    /// Sets property `key`; gives the object.
    pub(crate) fn set(self, key: Text, value: Value) -> Value {
        from_handle(imports::set(self.handle(), key.0, value.handle()))
    }

    /// [`Value::set`], unless `value` is `undefined`: for building objects.
    pub(crate) fn add(self, key: Text, value: Value) -> Value {
        from_handle(imports::add(self.handle(), key.0, value.handle()))
    }

    /// Sets the property that `key` names.
    pub(crate) fn store(self, key: Value, value: Value) {
        imports::store(self.handle(), key.handle(), value.handle());
    }

    /// Removes property `key`.
    pub(crate) fn remove(self, key: Text) {
        imports::remove(self.handle(), key.0);
    }

    /// `{...self, ...patch}` as a new object.
    pub(crate) fn merged(self, patch: Value) -> Value {
        from_handle(imports::merged(self.handle(), patch.handle()))
    }

    /// Own enumerable keys, as a list.
    pub(crate) fn keys(self) -> Value {
        from_handle(imports::keys(self.handle()))
    }

    /// Its JSON text; `undefined` for what JSON cannot hold.
    pub(crate) fn json(self) -> Value {
        from_handle(imports::json(self.handle()))
    }

    /// The value of a JSON text; `undefined` for what is none.
    pub(crate) fn parse(self) -> Value {
        from_handle(imports::parse(self.handle()))
    }

    /// A deep copy of what JSON can hold; functions are left out.
    pub(crate) fn copy(self) -> Value {
        from_handle(imports::copy(self.handle()))
    }
}
