//! A connection, over a stream that may or may not block.

use std::fmt;
use std::io::{self, Read, Write};

use rustls::ClientConnection;

use crate::handshake::Unfinished;
use crate::{Certificate, Error, Result};

/// As much is encrypted at once: one record of the protocol.
const MOST: usize = 16 * 1024;

/// A connection.
pub struct TlsStream<S> {
    connection: Box<ClientConnection>,
    stream: S,
    /// How much of what [`Write::write`] was given is encrypted and not all sent. The writer does not know yet that it was
    /// taken, and comes again with the same bytes: who does not flush may rely on it that what was taken is sent.
    taken: usize,
    closing: bool,
}

impl<S> fmt::Debug for TlsStream<S> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("TlsStream")
    }
}

impl<S> TlsStream<S> {
    pub(crate) const fn new(connection: Box<ClientConnection>, stream: S) -> Self {
        Self {
            connection,
            stream,
            taken: 0,
            closing: false,
        }
    }

    /// The stream beneath.
    pub const fn get_ref(&self) -> &S {
        &self.stream
    }

    /// The stream beneath.
    pub const fn get_mut(&mut self) -> &mut S {
        &mut self.stream
    }
}

impl<S: Read + Write> TlsStream<S> {
    /// The certificate that the server showed.
    ///
    /// # Errors
    /// None here.
    #[allow(clippy::unnecessary_wraps, reason = "as the real one")]
    pub fn peer_certificate(&self) -> Result<Option<Certificate>> {
        let chain = self.connection.peer_certificates().unwrap_or_default();
        Ok(chain
            .first()
            .map(|shown| Certificate(shown.clone().into_owned())))
    }

    /// The protocol inside that both sides speak, where they agreed on one.
    ///
    /// # Errors
    /// None here.
    #[allow(clippy::unnecessary_wraps, reason = "as the real one")]
    pub fn negotiated_alpn(&self) -> Result<Option<Vec<u8>>> {
        Ok(self.connection.alpn_protocol().map(<[u8]>::to_vec))
    }

    /// Tells the other side that nothing more comes, and waits for no answer.
    ///
    /// # Errors
    /// The stream fails, or would block.
    pub fn shutdown(&mut self) -> io::Result<()> {
        if !self.closing {
            self.closing = true;
            self.connection.send_close_notify();
        }
        self.flush()
    }

    /// Greets the other side until both are done and everything is sent.
    pub(crate) fn greet(&mut self) -> std::result::Result<(), Unfinished> {
        loop {
            self.flush()?;
            if !self.connection.is_handshaking() {
                return Ok(());
            }
            let ended = self.receive()? == 0;
            self.process()
                .map_err(|error| Unfinished::Failed(error.into()))?;
            if ended && self.connection.is_handshaking() {
                let error = io::Error::from(io::ErrorKind::UnexpectedEof);
                return Err(Unfinished::Failed(Error::stream(error)));
            }
        }
    }

    fn receive(&mut self) -> io::Result<usize> {
        loop {
            match self.connection.read_tls(&mut self.stream) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }

    /// Looks at what came. The other side is told what is wrong with it, as far as the stream takes it at once.
    fn process(&mut self) -> std::result::Result<(), rustls::Error> {
        match self.connection.process_new_packets() {
            Ok(_) => Ok(()),
            Err(error) => {
                drop(self.flush());
                Err(error)
            }
        }
    }

    fn send(&mut self) -> io::Result<()> {
        while self.connection.wants_write() {
            match self.connection.write_tls(&mut self.stream) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
        Ok(())
    }
}

impl<S: Read + Write> Read for TlsStream<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            // An end that the other side did not announce is an error here.
            match self.connection.reader().read(into) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
            // Answers of the protocol itself. Where the stream does not take them now they wait: what is to be read does not.
            match self.send() {
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                _ => {}
            }
            self.receive()?;
            self.process()
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        }
    }
}

impl<S: Read + Write> Write for TlsStream<S> {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        self.send()?;
        if self.taken == 0 {
            let piece = from.get(..MOST).unwrap_or(from);
            self.taken = self.connection.writer().write(piece)?;
            self.send()?;
        }
        let taken = std::mem::take(&mut self.taken);
        if taken > from.len() {
            let message = "a write was tried again with less than it had";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()?;
        self.stream.flush()
    }
}
