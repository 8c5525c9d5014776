//! Work items: reading, changing, deleting, and what describes them.

pub(crate) mod attachments;
pub(crate) mod bulk;
pub(crate) mod classification;
pub(crate) mod comments;
pub(crate) mod create;
pub(crate) mod delete;
mod draft;
mod edit;
pub(crate) mod history;
mod links;
pub(crate) mod patch;
pub(crate) mod read;
pub(crate) mod recycle_bin;
pub(crate) mod relation_types;
pub(crate) mod render;
mod rules;
pub(crate) mod save;
pub(crate) mod seeding;
pub(crate) mod types;
pub(crate) mod update;
mod values;
