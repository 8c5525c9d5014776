//! JavaScript values as the core holds them: by handle.
//!
//! A [`Value`] is a number, so it is copied, compared and dropped for nothing; with `JsValue` in its place the core
//! would be two and a half times as large. INVARIANT: it is good until the call from JavaScript that made it returns,
//! so no Rust value outlives a call. What lives longer is a property of a JavaScript object, such as the instance
//! ([`crate::sdk::Sdk`]) or the context of a [`crate::steps::Step`], and is freed with it.
//!
//! `pkg/lib/values.js` is the other side.

mod imports;

use std::num::NonZeroI32;

use crate::steps::Step;

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

fn address(text: &str) -> i32 {
    text.as_ptr() as i32
}

fn bytes(text: &str) -> i32 {
    text.len() as i32
}

/// `template` with its gaps filled: `{}` with a text, `{%}` with one component of a URL.
macro_rules! fill {
    ($template:expr, $a:expr) => {
        $crate::value::filled($template, $a, $crate::value::UNDEFINED, $crate::value::UNDEFINED)
    };
    ($template:expr, $a:expr, $b:expr) => {
        $crate::value::filled($template, $a, $b, $crate::value::UNDEFINED)
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
pub(crate) fn filled(template: &'static str, a: Value, b: Value, c: Value) -> Value {
    from_handle(imports::fill(address(template), bytes(template), a.handle(), b.handle(), c.handle()))
}

/// A text of the core's own.
pub(crate) fn text(text: &'static str) -> Value {
    from_handle(imports::literal(address(text), bytes(text)))
}

/// A text made at run time, from UTF-8.
pub(crate) fn made_text(text: &[u8]) -> Value {
    from_handle(imports::string(text.as_ptr() as i32, text.len() as i32))
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
        imports::truth(self.handle()) != 0
    }

    /// Whether it is the text `text`.
    pub(crate) fn is(self, text: &'static str) -> bool {
        imports::is(self.handle(), address(text), bytes(text)) != 0
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
        (self.is_text() && self.is_true()).then_some(self)
    }

    /// Itself, if it is an object.
    pub(crate) fn record(self) -> Option<Value> {
        self.is_object().then_some(self)
    }

    // Text and numbers.

    /// The text as UTF-8; empty for what is none.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut buffer = vec![0; usize::try_from(imports::size(self.handle())).unwrap_or_default()];
        imports::read(self.handle(), buffer.as_mut_ptr() as i32);
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
    pub(crate) fn get(self, key: &'static str) -> Value {
        from_handle(imports::get(self.handle(), address(key), bytes(key)))
    }

    /// Own property `key`: for names from outside.
    pub(crate) fn own(self, key: Value) -> Value {
        from_handle(imports::own(self.handle(), key.handle()))
    }

    /// Sets property `key`; gives the object.
    pub(crate) fn set(self, key: &'static str, value: Value) -> Value {
        from_handle(imports::set(self.handle(), address(key), bytes(key), value.handle()))
    }

    /// [`Value::set`], unless `value` is `undefined`: for building objects.
    pub(crate) fn add(self, key: &'static str, value: Value) -> Value {
        from_handle(imports::add(self.handle(), address(key), bytes(key), value.handle()))
    }

    /// Sets the property that `key` names.
    pub(crate) fn store(self, key: Value, value: Value) {
        imports::store(self.handle(), key.handle(), value.handle());
    }

    /// Removes property `key`.
    pub(crate) fn remove(self, key: &'static str) {
        imports::remove(self.handle(), address(key), bytes(key));
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

    // Lists.

    /// Itself, if it is a list, else an empty one.
    pub(crate) fn list(self) -> Value {
        from_handle(imports::list(self.handle()))
    }

    /// The list under `key`, or an empty one.
    pub(crate) fn items(self, key: &'static str) -> Value {
        self.get(key).list()
    }

    /// Length of a list or text.
    pub(crate) fn len(self) -> i32 {
        imports::length(self.handle())
    }

    /// Whether a list or text has nothing in it.
    pub(crate) fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Item `index` of a list.
    pub(crate) fn at(self, index: i32) -> Value {
        from_handle(imports::item(self.handle(), index))
    }

    /// Appends to a list; gives the list.
    pub(crate) fn push(self, value: Value) -> Value {
        from_handle(imports::push(self.handle(), value.handle()))
    }

    /// Position of the first object in a list whose property `key` is `wanted`.
    pub(crate) fn position(self, key: &'static str, wanted: Value) -> Option<i32> {
        let index = imports::position(self.handle(), address(key), bytes(key), wanted.handle());
        (index >= 0).then_some(index)
    }

    /// The first object in a list whose property `key` is `wanted`.
    pub(crate) fn find(self, key: &'static str, wanted: Value) -> Option<Value> {
        self.position(key, wanted).map(|index| self.at(index))
    }

    /// The items of a list whose property `key` is not `unwanted`, as a new list.
    pub(crate) fn without(self, key: &'static str, unwanted: Value) -> Value {
        from_handle(imports::without(self.handle(), address(key), bytes(key), unwanted.handle()))
    }

    /// The items of a list.
    pub(crate) fn iter(self) -> Items {
        Items { list: self, next: 0, end: self.len() }
    }

    // Functions. `undefined` arguments at the end are left out.

    /// Calls method `name`; `undefined` where there is none.
    ///
    /// # Errors
    /// What it throws.
    pub(crate) fn invoke(self, name: &'static str, a: Value, b: Value, c: Value) -> Outcome {
        outcome(imports::invoke(self.handle(), address(name), bytes(name), a.handle(), b.handle(), c.handle()))
    }

    /// [`Value::invoke`] with what it throws swallowed: `undefined`.
    pub(crate) fn tell(self, name: &'static str, a: Value, b: Value) -> Value {
        self.invoke(name, a, b, UNDEFINED).unwrap_or_else(Thrown::swallow)
    }

    /// Calls a function.
    ///
    /// # Errors
    /// What it throws, also if it is no function.
    pub(crate) fn apply(self, a: Value, b: Value) -> Outcome {
        outcome(imports::apply(self.handle(), a.handle(), b.handle()))
    }

    /// Calls a function of the app, if it is one; what it throws is swallowed: it must not break the SDK.
    pub(crate) fn notify(self, a: Value, b: Value) {
        if self.is_function() {
            self.apply(a, b).unwrap_or_else(Thrown::swallow);
        }
    }

    /// `new globalThis[class](self)`.
    ///
    /// # Errors
    /// What it throws, also if there is no such class.
    pub(crate) fn construct(self, class: &'static str) -> Outcome {
        outcome(imports::construct(address(class), bytes(class), self.handle()))
    }

    // Promises.

    /// The promise of what `step` makes of this promise's value.
    pub(crate) fn then(self, step: Step, context: Value) -> Value {
        from_handle(imports::then(self.handle(), step as i32, -1, context.handle()))
    }

    /// [`Value::then`], and of what `failed` makes of its error.
    pub(crate) fn then_or(self, step: Step, failed: Step, context: Value) -> Value {
        from_handle(imports::then(self.handle(), step as i32, failed as i32, context.handle()))
    }
}

/// A function for the app or the engine that runs `step`.
pub(crate) fn function(step: Step, context: Value) -> Value {
    from_handle(imports::callback(step as i32, context.handle()))
}

/// The promise of an outcome.
pub(crate) fn promise(outcome: Outcome) -> Value {
    from_handle(imports::settled(outcome.map_or(0, Value::handle)))
}

/// `{promise, resolve, reject}`.
pub(crate) fn new_deferred() -> Value {
    from_handle(imports::deferred())
}

/// Makes an error of class `class` pending; an `undefined` message is the class's own.
pub(crate) fn throw(class: &'static str, message: Value, fields: Value) -> Thrown {
    imports::raise(address(class), bytes(class), message.handle(), fields.handle());
    Thrown(())
}

/// Makes `error` pending, which was thrown or rejected before.
pub(crate) fn throw_again(error: Value) -> Thrown {
    imports::rethrow(error.handle());
    Thrown(())
}

impl Thrown {
    /// The error as a value; it is pending no more.
    pub(crate) fn caught(self) -> Value {
        let Self(()) = self;
        from_handle(imports::caught())
    }

    /// Forgets the error.
    pub(crate) fn swallow(self) -> Value {
        self.caught();
        UNDEFINED
    }
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> f64 {
    imports::now()
}

/// 32 bytes of the engine's cryptographic generator, as base64url.
///
/// # Errors
/// Where the engine has none.
pub(crate) fn random_id() -> Outcome {
    outcome(imports::random())
}

/// Iterates over the items of a list.
pub(crate) struct Items {
    list: Value,
    next: i32,
    end: i32,
}

impl Iterator for Items {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        if self.next >= self.end {
            return None;
        }
        self.next += 1;
        Some(self.list.at(self.next - 1))
    }
}

impl FromIterator<Value> for Value {
    /// A list.
    fn from_iter<T: IntoIterator<Item = Value>>(items: T) -> Self {
        let list = new_list();
        for item in items {
            list.push(item);
        }
        list
    }
}
