//! What every route shares: request ids, errors as JSON, CORS, the caller's identity, the path's project, cookies.

pub mod answers;
pub mod body;
pub mod caller;
pub mod client_address;
pub mod cookie;
pub mod cors;
mod described;
pub mod health;
pub mod host;
pub mod json;
pub mod openapi;
pub mod operator;
pub mod project;
pub mod query;
pub mod request_id;
pub mod router;
pub mod same_origin;
pub mod selection;
mod tidy;
