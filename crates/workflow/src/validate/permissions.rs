//! The checks of who may switch a workflow on.

use serde_json::Value;

use super::steps::Checker;
use crate::condition::Condition;
use crate::fields::Fields;
use crate::reference::Root;

impl Checker<'_> {
    /// A condition that is looked at before there is a run: it knows the user alone.
    pub(super) fn permissions(&mut self, condition: &Condition) {
        for (at, group) in condition.any.iter().enumerate() {
            for (inner, comparison) in group.all.iter().enumerate() {
                for (side, value) in [("left", &comparison.left), ("right", &comparison.right)] {
                    let path = format!("/permissions/any/{at}/all/{inner}/{side}");
                    self.user_only(value, &path);
                }
            }
        }
    }

    fn user_only(&mut self, value: &Value, path: &str) {
        match Fields::parse(value, path) {
            Ok(fields) => fields.each_reference(path, &mut |reference, path, position| {
                if !matches!(reference.root, Root::UserId | Root::UserMeta) {
                    self.at(
                        path,
                        Some(position),
                        "permissions can refer only to `user.id` and `user.meta`",
                    );
                }
            }),
            Err(errors) => {
                for error in errors {
                    self.at(&error.path, Some(error.position), error.error.message);
                }
            }
        }
    }
}
