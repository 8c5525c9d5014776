//! Lists: what is in them, what is found in them.

use super::{Text, Value, from_handle, imports, new_list};

impl Value {
    /// Itself, if it is a list, else an empty one.
    pub(crate) fn list(self) -> Value {
        from_handle(imports::list(self.handle()))
    }

    /// The list under `key`, or an empty one.
    pub(crate) fn items(self, key: Text) -> Value {
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
    pub(crate) fn position(self, key: Text, wanted: Value) -> Option<i32> {
        let index = imports::position(self.handle(), key.0, wanted.handle());
        (index >= 0).then_some(index)
    }

    /// The first object in a list whose property `key` is `wanted`.
    pub(crate) fn find(self, key: Text, wanted: Value) -> Option<Value> {
        self.position(key, wanted).map(|index| self.at(index))
    }

    /// The items of a list whose property `key` is not `unwanted`, as a new list.
    pub(crate) fn without(self, key: Text, unwanted: Value) -> Value {
        from_handle(imports::without(self.handle(), key.0, unwanted.handle()))
    }

    /// The items of a list.
    pub(crate) fn iter(self) -> Items {
        Items {
            list: self,
            next: 0,
            end: self.len(),
        }
    }
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
