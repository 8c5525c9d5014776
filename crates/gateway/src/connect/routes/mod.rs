//! The doors of the connect flow: the SDK's, the popup's, the provider's and those of the reference client.

pub mod callback;
pub mod flows;
pub mod popup;
pub mod session;
