//! Azure DevOps as the gateway knows it: hosts, paths, organisations, accounts and the faces of a refused sign-in.

pub mod hosts;
pub mod organization;
pub mod path_guard;
pub mod routing;

pub use hosts::{Alias, HostTable};
pub use organization::Organization;
pub use routing::{RoutingError, UpstreamTarget, route};
