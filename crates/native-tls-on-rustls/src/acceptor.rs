//! The server's side, which is named by those who wrap it, and made by nobody.

use crate::{HandshakeError, TlsStream};

/// Would accept connections; cannot be made.
#[derive(Debug, Clone)]
pub enum TlsAcceptor {}

impl TlsAcceptor {
    /// Cannot be called.
    pub fn accept<S>(&self, _: S) -> Result<TlsStream<S>, HandshakeError<S>> {
        match *self {}
    }
}
