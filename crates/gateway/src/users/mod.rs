//! End users: their metadata, their accounts, what the SDK and operators see of them.

pub mod connected;
pub mod dashboard_routes;
pub mod sdk_routes;
pub mod state;
pub mod store;
