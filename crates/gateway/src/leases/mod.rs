//! What one gateway of several does at a time.

pub mod service;
pub mod store;
