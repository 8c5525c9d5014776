//! The dashboard's API of operators and their sessions.

pub mod operators;
pub mod session;
pub mod sign_in;
