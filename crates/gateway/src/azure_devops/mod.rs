//! Azure DevOps as the gateway knows it: hosts, paths, organisations, accounts and the faces of a refused sign-in.

mod absolute_url;
pub mod account;
pub mod actions;
pub mod api_call;
pub mod content_type;
pub mod discovery;
pub mod field_sources;
pub mod hosts;
pub mod locations;
pub mod organization;
pub mod path_guard;
pub mod routing;
pub mod scopes;
pub mod service_hooks;
pub mod sign_in;
pub mod triggers;

pub use api_call::{ApiCallError, ApiCaller};
pub use hosts::{Alias, HostTable};
pub use organization::Organization;
pub use routing::{RoutingError, UpstreamTarget, route};
