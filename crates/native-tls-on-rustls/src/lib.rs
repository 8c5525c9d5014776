//! A crate that the workflow engine's database driver names and the gateway never uses: its `SQLite` databases are files.
//!
//! The real one links the system's OpenSSL, which would have to be installed before anybody could build the gateway.
//! Here is what the driver calls of it; every connection is refused.

use std::convert::Infallible;
use std::fmt;
use std::io::{self, Read, Write};

/// There is no TLS here.
#[derive(Debug)]
pub struct Error;

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TLS connections to databases are not built in")
    }
}

impl std::error::Error for Error {}

/// A certificate, which there cannot be.
#[derive(Debug)]
pub struct Certificate(Infallible);

impl Certificate {
    /// Refuses.
    pub const fn from_pem(_: &[u8]) -> Result<Self, Error> {
        Err(Error)
    }
}

/// A client's key, which there cannot be.
#[derive(Debug)]
pub struct Identity(Infallible);

impl Identity {
    /// Refuses.
    pub const fn from_pkcs8(_: &[u8], _: &[u8]) -> Result<Self, Error> {
        Err(Error)
    }
}

/// Refuses to build.
#[derive(Debug)]
pub struct TlsConnectorBuilder;

impl TlsConnectorBuilder {
    /// Has no meaning here.
    pub const fn danger_accept_invalid_certs(&mut self, _: bool) -> &mut Self {
        self
    }

    /// Has no meaning here.
    pub const fn danger_accept_invalid_hostnames(&mut self, _: bool) -> &mut Self {
        self
    }

    /// Cannot be called.
    #[allow(clippy::needless_pass_by_value, reason = "as the real one")]
    pub fn add_root_certificate(&mut self, certificate: Certificate) -> &mut Self {
        match certificate.0 {}
    }

    /// Cannot be called.
    #[allow(clippy::needless_pass_by_value, reason = "as the real one")]
    pub fn identity(&mut self, identity: Identity) -> &mut Self {
        match identity.0 {}
    }

    /// Refuses.
    pub const fn build(&self) -> Result<TlsConnector, Error> {
        Err(Error)
    }
}

/// A connector, which there cannot be.
#[derive(Debug)]
pub struct TlsConnector(Infallible);

impl TlsConnector {
    /// Begins what [`TlsConnectorBuilder::build`] refuses.
    pub const fn builder() -> TlsConnectorBuilder {
        TlsConnectorBuilder
    }

    /// Cannot be called.
    pub fn connect<S>(&self, _: &str, _: S) -> Result<TlsStream<S>, HandshakeError<S>> {
        match self.0 {}
    }
}

/// A connection, which there cannot be.
#[derive(Debug)]
pub struct TlsStream<S>(Infallible, S);

impl<S> TlsStream<S> {
    /// Cannot be called.
    pub const fn get_mut(&mut self) -> &mut S {
        &mut self.1
    }

    /// Cannot be called.
    pub const fn shutdown(&mut self) -> io::Result<()> {
        match self.0 {}
    }
}

impl<S> Read for TlsStream<S> {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        match self.0 {}
    }
}

impl<S> Write for TlsStream<S> {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        match self.0 {}
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0 {}
    }
}

/// A handshake under way, which there cannot be.
#[derive(Debug)]
pub struct MidHandshakeTlsStream<S>(Infallible, S);

impl<S> MidHandshakeTlsStream<S> {
    /// Cannot be called.
    pub const fn get_mut(&mut self) -> &mut S {
        &mut self.1
    }

    /// Cannot be called.
    pub fn handshake(self) -> Result<TlsStream<S>, HandshakeError<S>> {
        match self.0 {}
    }
}

/// Why there is no connection.
#[derive(Debug)]
pub enum HandshakeError<S> {
    /// It failed.
    Failure(Error),
    /// It is not over.
    WouldBlock(MidHandshakeTlsStream<S>),
}
