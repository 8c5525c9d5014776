//! Certificates and keys as they are read from files.

use std::fmt;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::{Error, Result};

/// A certificate: one to trust, or the one that a server showed.
#[derive(Clone)]
pub struct Certificate(pub(crate) CertificateDer<'static>);

impl Certificate {
    /// Takes the bytes of one certificate as they are.
    ///
    /// # Errors
    /// None here: what cannot be read is refused when the connector is built.
    #[allow(clippy::unnecessary_wraps, reason = "as the real one")]
    pub fn from_der(der: &[u8]) -> Result<Self> {
        Ok(Self(CertificateDer::from(der.to_vec())))
    }

    /// Reads the first certificate of a PEM file.
    ///
    /// # Errors
    /// There is none in it.
    pub fn from_pem(pem: &[u8]) -> Result<Self> {
        CertificateDer::from_pem_slice(pem)
            .map(Self)
            .map_err(|error| Error::input(format!("not a certificate in PEM: {error}")))
    }

    /// Reads every certificate of a PEM file.
    ///
    /// # Errors
    /// Something in it is no PEM.
    pub fn stack_from_pem(pem: &[u8]) -> Result<Vec<Self>> {
        certificates(pem).map(|found| found.into_iter().map(Self).collect())
    }

    /// The bytes of the certificate.
    ///
    /// # Errors
    /// None here.
    #[allow(clippy::unnecessary_wraps, reason = "as the real one")]
    pub fn to_der(&self) -> Result<Vec<u8>> {
        Ok(self.0.to_vec())
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Certificate")
    }
}

/// What a client shows of itself: its certificate, with those that vouch for it, and its key.
pub struct Identity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Reads a chain of certificates and an unencrypted key, both PEM.
    ///
    /// # Errors
    /// One of them is missing or cannot be read.
    pub fn from_pkcs8(pem: &[u8], key: &[u8]) -> Result<Self> {
        let chain = certificates(pem)?;
        if chain.is_empty() {
            return Err(Error::input("there is no certificate for the client's key"));
        }
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| Error::input(format!("not an unencrypted key in PEM: {error}")))?;
        Ok(Self { chain, key })
    }

    /// Refuses: this format needs ciphers that are broken.
    ///
    /// # Errors
    /// Always.
    pub fn from_pkcs12(_: &[u8], _: &str) -> Result<Self> {
        Err(Error::input("PKCS#12 is not read here: give PEM files"))
    }
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self {
            chain: self.chain.clone(),
            key: self.key.clone_key(),
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Identity")
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<std::result::Result<_, _>>()
        .map_err(|error| Error::input(format!("not certificates in PEM: {error}")))
}
