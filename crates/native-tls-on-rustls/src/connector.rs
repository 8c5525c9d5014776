//! What makes connections, and how it is told what to ask of the other side.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, SupportedProtocolVersion, version};

use crate::handshake::{HandshakeError, MidHandshakeTlsStream};
use crate::trust::{Trust, Vouched};
use crate::{Certificate, Error, Identity, Result, TlsStream};

/// A version of the protocol. The two oldest are as good as none: they are not spoken any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Protocol {
    /// SSL 3.0.
    Sslv3,
    /// TLS 1.0.
    Tlsv10,
    /// TLS 1.1.
    Tlsv11,
    /// TLS 1.2.
    Tlsv12,
    /// TLS 1.3.
    Tlsv13,
}

/// Collects what a [`TlsConnector`] shall ask of a server, and show of itself.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "as many as the real one")]
pub struct TlsConnectorBuilder {
    identity: Option<Identity>,
    oldest: Option<Protocol>,
    newest: Option<Protocol>,
    roots: Vec<Certificate>,
    built_in_roots: bool,
    any_certificate: bool,
    any_name: bool,
    sni: bool,
    alpn: Vec<Vec<u8>>,
}

impl TlsConnectorBuilder {
    /// What to show to a server that asks who calls.
    pub fn identity(&mut self, identity: Identity) -> &mut Self {
        self.identity = Some(identity);
        self
    }

    /// The oldest protocol to speak; TLS 1.2 where none is given.
    pub const fn min_protocol_version(&mut self, protocol: Option<Protocol>) -> &mut Self {
        self.oldest = protocol;
        self
    }

    /// The newest protocol to speak.
    pub const fn max_protocol_version(&mut self, protocol: Option<Protocol>) -> &mut Self {
        self.newest = protocol;
        self
    }

    /// Trusts one more root.
    pub fn add_root_certificate(&mut self, certificate: Certificate) -> &mut Self {
        self.roots.push(certificate);
        self
    }

    /// Whether only those roots are trusted that were added, and none of the system's.
    pub const fn disable_built_in_roots(&mut self, disable: bool) -> &mut Self {
        self.built_in_roots = !disable;
        self
    }

    /// The protocols to offer for what comes inside, the best one first.
    pub fn request_alpns(&mut self, protocols: &[&str]) -> &mut Self {
        self.alpn = protocols
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        self
    }

    /// Whether any certificate does, whoever signed it, for whatever name, and were it out of date.
    pub const fn danger_accept_invalid_certs(&mut self, accept: bool) -> &mut Self {
        self.any_certificate = accept;
        self
    }

    /// Whether the server's name is told to it before anything is encrypted.
    pub const fn use_sni(&mut self, sni: bool) -> &mut Self {
        self.sni = sni;
        self
    }

    /// Whether a certificate for another name does.
    pub const fn danger_accept_invalid_hostnames(&mut self, accept: bool) -> &mut Self {
        self.any_name = accept;
        self
    }

    /// The connector.
    ///
    /// # Errors
    /// A root or the identity cannot be used, or no protocol is left.
    pub fn build(&self) -> Result<TlsConnector> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let trust = Trust {
            vouched: self.vouched()?,
            named: !self.any_name,
            provider: Arc::clone(&provider),
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&self.protocols()?)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(trust));
        let mut config = match self.identity.clone() {
            Some(Identity { chain, key }) => config.with_client_auth_cert(chain, key)?,
            None => config.with_no_client_auth(),
        };
        config.enable_sni = self.sni;
        config.alpn_protocols.clone_from(&self.alpn);
        Ok(TlsConnector {
            config: Arc::new(config),
            nameless: self.any_certificate || self.any_name,
        })
    }

    fn protocols(&self) -> Result<Vec<&'static SupportedProtocolVersion>> {
        let spoken = [
            (Protocol::Tlsv13, &version::TLS13),
            (Protocol::Tlsv12, &version::TLS12),
        ];
        let wanted: Vec<_> = spoken
            .into_iter()
            .filter(|(protocol, _)| self.oldest.is_none_or(|oldest| *protocol >= oldest))
            .filter(|(protocol, _)| self.newest.is_none_or(|newest| *protocol <= newest))
            .map(|(_, version)| version)
            .collect();
        if wanted.is_empty() {
            return Err(Error::input("only TLS 1.2 and TLS 1.3 are spoken"));
        }
        Ok(wanted)
    }

    fn vouched(&self) -> Result<Vouched> {
        if self.any_certificate {
            return Ok(Vouched::ByNobody);
        }
        let mut roots = RootCertStore::empty();
        if self.built_in_roots {
            // A system without roots, or with broken ones, trusts the others.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        let given: Vec<_> = self.roots.iter().map(|root| root.0.clone()).collect();
        for root in &given {
            roots.add(root.clone())?;
        }
        Ok(Vouched::By { roots, given })
    }
}

/// Makes connections.
#[derive(Debug, Clone)]
pub struct TlsConnector {
    config: Arc<ClientConfig>,
    /// Whether the name of the server has no meaning.
    nameless: bool,
}

impl TlsConnector {
    /// One that trusts the system's roots.
    ///
    /// # Errors
    /// As [`TlsConnectorBuilder::build`].
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// Begins one.
    pub const fn builder() -> TlsConnectorBuilder {
        TlsConnectorBuilder {
            identity: None,
            oldest: None,
            newest: None,
            roots: Vec::new(),
            built_in_roots: true,
            any_certificate: false,
            any_name: false,
            sni: true,
            alpn: Vec::new(),
        }
    }

    /// Greets the server of this name at the other end of `stream`.
    ///
    /// # Errors
    /// The server is not trusted or does not answer as it should; or the stream would block, and the greeting goes on later.
    pub fn connect<S>(
        &self,
        domain: &str,
        stream: S,
    ) -> std::result::Result<TlsStream<S>, HandshakeError<S>>
    where
        S: std::io::Read + std::io::Write,
    {
        let connection = self
            .server_name(domain)
            .and_then(|name| Ok(ClientConnection::new(Arc::clone(&self.config), name)?))
            .map_err(HandshakeError::Failure)?;
        MidHandshakeTlsStream::new(TlsStream::new(Box::new(connection), stream)).handshake()
    }

    fn server_name(&self, domain: &str) -> Result<ServerName<'static>> {
        match ServerName::try_from(domain.to_owned()) {
            Ok(name) => Ok(name),
            // An address is not told to the server, so this one stands for no name.
            Err(_) if self.nameless => Ok(IpAddr::V4(Ipv4Addr::UNSPECIFIED).into()),
            Err(_) => Err(Error::input(
                "the server's name is none that a certificate can have",
            )),
        }
    }
}
