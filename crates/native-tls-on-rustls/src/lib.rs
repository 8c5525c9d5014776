//! The API of the crate `native-tls` as far as database drivers and HTTP clients call it, over rustls.
//!
//! The real one links the system's OpenSSL, which would have to be installed before anybody could build the gateway.
//! Here every connection is made by the library that the gateway uses for its own, with the system's root certificates.
//! Only clients are served; nobody who names this crate accepts connections with it.

mod acceptor;
mod certificate;
mod connector;
mod error;
mod handshake;
mod stream;
mod trust;

pub use acceptor::TlsAcceptor;
pub use certificate::{Certificate, Identity};
pub use connector::{Protocol, TlsConnector, TlsConnectorBuilder};
pub use error::{Error, Result};
pub use handshake::{HandshakeError, MidHandshakeTlsStream};
pub use stream::TlsStream;
