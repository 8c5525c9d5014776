//! The gateway from outside: a real gateway, a real simulator, real sockets, and a real database, embedded or, with
//! `TEST_DATABASE=postgres`, on a server. One program, so that everything is linked once; a folder or file for each part.
//!
//! `cargo test -p paragon-gateway --test it -- connect::` runs one of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::needless_pass_by_value,
    missing_docs,
    reason = "tests"
)]

mod support;

mod access;
mod actions;
mod attacks;
mod connect;
mod crash;
mod dashboard;
mod database;
mod install;
mod json_input;
mod organizations;
mod program;
mod secrets;
mod settings;
mod workflows;
