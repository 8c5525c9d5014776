//! Why something did not work.

use std::{fmt, io};

/// What these functions return.
pub type Result<T> = std::result::Result<T, Error>;

/// Why there is no certificate, no connector or no connection.
pub struct Error(Cause);

enum Cause {
    Stream(io::Error),
    Tls(rustls::Error),
    Input(String),
}

impl Error {
    pub(crate) const fn stream(error: io::Error) -> Self {
        Self(Cause::Stream(error))
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self(Cause::Input(message.into()))
    }
}

impl From<rustls::Error> for Error {
    fn from(error: rustls::Error) -> Self {
        Self(Cause::Tls(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Stream(error) => error.fmt(out),
            Cause::Tls(error) => error.fmt(out),
            Cause::Input(message) => out.write_str(message),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Stream(error) => error.fmt(out),
            Cause::Tls(error) => error.fmt(out),
            Cause::Input(message) => message.fmt(out),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Cause::Stream(error) => Some(error),
            Cause::Tls(error) => Some(error),
            Cause::Input(_) => None,
        }
    }
}
