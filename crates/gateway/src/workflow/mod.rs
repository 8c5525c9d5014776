//! Workflows: what they can be made of here.

mod catalogue;

pub use catalogue::ProjectCatalogue;
