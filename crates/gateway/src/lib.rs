//! Self-hosted server of the SDK: sign-in, sealed credentials, the provider's API.

pub mod azure_devops;
pub mod proxy;
