//! The proxy between real sockets: a raw client, a gateway on axum, a scripted provider.

mod answers;
mod credentials;
mod requests;
mod retries;
mod smuggling;
mod stand;
mod streaming;
