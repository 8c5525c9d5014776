//! The pages that users see, and the files they are made of.

pub mod dashboard;
pub mod files;
pub mod routes;
