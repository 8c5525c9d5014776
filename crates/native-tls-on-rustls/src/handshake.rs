//! The greeting, which may have to wait for the other side.

use std::io::{self, Read, Write};
use std::{error, fmt};

use crate::{Error, TlsStream};

/// A greeting that is not over because the stream would block.
#[derive(Debug)]
pub struct MidHandshakeTlsStream<S>(TlsStream<S>);

impl<S> MidHandshakeTlsStream<S> {
    pub(crate) const fn new(stream: TlsStream<S>) -> Self {
        Self(stream)
    }

    /// The stream beneath.
    pub const fn get_ref(&self) -> &S {
        self.0.get_ref()
    }

    /// The stream beneath.
    pub const fn get_mut(&mut self) -> &mut S {
        self.0.get_mut()
    }
}

impl<S: Read + Write> MidHandshakeTlsStream<S> {
    /// Goes on, as far as the stream lets it.
    ///
    /// # Errors
    /// As [`crate::TlsConnector::connect`].
    pub fn handshake(mut self) -> Result<TlsStream<S>, HandshakeError<S>> {
        match self.0.greet() {
            Ok(()) => Ok(self.0),
            Err(Unfinished::Blocked) => Err(HandshakeError::WouldBlock(self)),
            Err(Unfinished::Failed(error)) => Err(HandshakeError::Failure(error)),
        }
    }
}

/// Why there is no connection yet.
pub(crate) enum Unfinished {
    Blocked,
    Failed(Error),
}

impl From<io::Error> for Unfinished {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::WouldBlock {
            Self::Blocked
        } else {
            Self::Failed(Error::stream(error))
        }
    }
}

/// Why there is no connection.
#[derive(Debug)]
pub enum HandshakeError<S> {
    /// There will be none.
    Failure(Error),
    /// The stream would block: go on when it does not.
    WouldBlock(MidHandshakeTlsStream<S>),
}

impl<S> fmt::Display for HandshakeError<S> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failure(error) => error.fmt(out),
            Self::WouldBlock(_) => out.write_str("the greeting is not over"),
        }
    }
}

impl<S: fmt::Debug> error::Error for HandshakeError<S> {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Failure(error) => Some(error),
            Self::WouldBlock(_) => None,
        }
    }
}
