//! Whether a server is who it says it is.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// What is asked of a server. That it holds the key of the certificate that it shows is always asked.
#[derive(Debug)]
pub struct Trust {
    pub provider: Arc<CryptoProvider>,
    pub vouched: Vouched,
    /// Whether the certificate must be for the name that was called.
    pub named: bool,
}

/// Who must vouch for the certificate.
#[derive(Debug)]
pub enum Vouched {
    /// Nobody: it keeps those out who listen, and not those who stand in between.
    ByNobody,
    /// One of the roots, through others or not.
    By {
        roots: RootCertStore,
        /// Those of the roots that were given by hand.
        given: Vec<CertificateDer<'static>>,
    },
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Vouched::By { roots, given } = &self.vouched else {
            return Ok(ServerCertVerified::assertion());
        };
        let certificate = ParsedCertificate::try_from(shown)?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        match verify_server_cert_signed_by_trust_anchor(
            &certificate,
            roots,
            between,
            now,
            algorithms,
        ) {
            Ok(()) => {}
            // A certificate that its server signed itself, as an authority of its own: nobody is asked to believe in it who
            // did not name this very certificate. That it has run out is another error.
            Err(Error::InvalidCertificate(CertificateError::Other(_)))
                if given.iter().any(|root| root == shown) => {}
            Err(error) => return Err(error),
        }
        if self.named {
            verify_server_name(&certificate, name)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
