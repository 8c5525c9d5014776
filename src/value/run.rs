//! What runs, now or later: functions, promises, errors; and what the host has.

use super::{Outcome, Text, Thrown, UNDEFINED, Value, from_handle, imports, outcome};
use crate::steps::Step;

impl Value {
    // `undefined` arguments at the end are left out.

    /// Calls method `name`; `undefined` where there is none.
    ///
    /// # Errors
    /// What it throws.
    pub(crate) fn invoke(self, name: Text, a: Value, b: Value, c: Value) -> Outcome {
        outcome(imports::invoke(
            self.handle(),
            name.0,
            a.handle(),
            b.handle(),
            c.handle(),
        ))
    }

    /// [`Value::invoke`] with what it throws swallowed: `undefined`.
    pub(crate) fn tell(self, name: Text, a: Value, b: Value) -> Value {
        self.invoke(name, a, b, UNDEFINED)
            .unwrap_or_else(Thrown::swallow)
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
    pub(crate) fn construct(self, class: Text) -> Outcome {
        outcome(imports::construct(class.0, self.handle()))
    }

    // Promises.

    /// The promise of what `step` makes of this promise's value.
    pub(crate) fn then(self, step: Step, context: Value) -> Value {
        from_handle(imports::then(
            self.handle(),
            step as i32,
            -1,
            context.handle(),
        ))
    }

    /// [`Value::then`], and of what `failed` makes of its error.
    pub(crate) fn then_or(self, step: Step, failed: Step, context: Value) -> Value {
        from_handle(imports::then(
            self.handle(),
            step as i32,
            failed as i32,
            context.handle(),
        ))
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
pub(crate) fn throw(class: Text, message: Value, fields: Value) -> Thrown {
    imports::raise(class.0, message.handle(), fields.handle());
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
