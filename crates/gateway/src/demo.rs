//! What exists in development only: the demo project and its signing key.

/// Id of the demo project.
pub const PROJECT: &str = "demo";

/// Stands for the backend of the demo app.
pub struct DemoBackend {
    /// Private key of the demo project.
    pub private_key_pem: String,
}

impl std::fmt::Debug for DemoBackend {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("DemoBackend")
    }
}
