//! The connect flow: registered by the SDK, begun by the popup's ticket, ended by the provider's answer.
//!
//! The database row is the one truth about a flow. Its secrets are stored as hashes and used once; the browser that
//! hands in the ticket gets a cookie, and the provider's answer counts only together with it.

mod binding;
mod callback;
pub mod complete_install;
mod destination;
mod exchange;
mod finish;
mod organization;
pub(crate) mod outcomes;
mod page;
mod register;
pub mod routes;
mod session;
pub mod store;
mod ticket;
mod watch;

pub use binding::{BindingCookies, bound_flow};
pub use callback::{CallbackParams, Outcome, callback, code_verifier};
pub use exchange::exchange;
pub use organization::{Choice, choose_organization};
pub use page::PageData;
pub use register::{InstallTarget, install_target, register};
pub use session::{BuildOptions, build_authorization};
pub use ticket::{Redeemed, flow_ended, redeem};
pub use watch::{Departure, cancel, departed, own_flow, sweep, wait_for_change};

use std::time::Duration;

/// A flow that nobody follows lives this long.
pub const FLOW_LIFE: Duration = Duration::from_mins(10);
/// A flow that the SDK goes on following lives at most this long.
pub const LONGEST_FLOW: Duration = Duration::from_hours(1);
