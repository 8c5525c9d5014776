//! Azure DevOps as its documentation describes it: hosts, paths, organizations, actions and the forms of a refused sign-in.
//!
//! Pure: no I/O, no clock. Who calls the service is the gateway.

mod absolute_url;
pub mod actions;
pub mod content_type;
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

pub use hosts::{Alias, HostTable};
pub use organization::Organization;
pub use routing::{RoutingError, UpstreamTarget, route};
