//! Servers on this machine, and a stream that blocks when it likes.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use native_tls::{Certificate, TlsConnector, TlsConnectorBuilder, TlsStream};
use rcgen::{CertifiedKey, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ConfigBuilder, ServerConfig, ServerConnection, StreamOwned};

/// What never comes is an error by then.
const LIMIT: Duration = Duration::from_secs(10);

pub struct Stand {
    pub address: std::net::SocketAddr,
    pub pem: String,
}

/// A server that says back what it hears.
pub fn echo(names: &[&str]) -> Stand {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let certified = rcgen::generate_simple_self_signed(names).expect("a certificate");
    serve(&certified, Unauthenticated::with_no_client_auth)
}

pub type Unauthenticated = ConfigBuilder<ServerConfig, rustls::WantsVerifier>;
pub type Authenticated = ConfigBuilder<ServerConfig, rustls::server::WantsServerCert>;

pub fn serve(
    certified: &CertifiedKey<KeyPair>,
    asking: impl FnOnce(Unauthenticated) -> Authenticated,
) -> Stand {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("protocols");
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).expect("a key");
    let mut config = asking(config)
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .expect("a certificate");
    config.alpn_protocols = vec![b"h2".to_vec()];
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let config = Arc::new(config);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            thread::spawn(move || answer(config, stream));
        }
    });
    Stand {
        address,
        pem: certified.cert.pem(),
    }
}

fn answer(config: Arc<ServerConfig>, stream: TcpStream) -> io::Result<()> {
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut piece = [0; 4096];
    loop {
        let length = stream.read(&mut piece)?;
        if length == 0 || piece.starts_with(b"cut") {
            return stream.sock.shutdown(Shutdown::Both);
        }
        if piece.starts_with(b"bye") {
            stream.conn.send_close_notify();
            return stream.flush();
        }
        stream.write_all(&piece[..length])?;
    }
}

pub fn trusting(stand: &Stand) -> TlsConnectorBuilder {
    let mut builder = TlsConnector::builder();
    let root = Certificate::from_pem(stand.pem.as_bytes()).expect("a root");
    builder
        .disable_built_in_roots(true)
        .add_root_certificate(root);
    builder
}

pub fn socket(stand: &Stand) -> TcpStream {
    let stream = TcpStream::connect(stand.address).expect("a connection");
    stream.set_read_timeout(Some(LIMIT)).expect("a limit");
    stream
}

pub fn call(
    builder: &TlsConnectorBuilder,
    name: &str,
    stand: &Stand,
) -> Result<TlsStream<TcpStream>, String> {
    let connector = builder.build().expect("a connector");
    connector
        .connect(name, socket(stand))
        .map_err(|error| error.to_string())
}

pub fn speaks(stream: &mut TlsStream<TcpStream>) {
    stream.write_all(b"hello").expect("it is sent");
    let mut heard = [0; 5];
    stream.read_exact(&mut heard).expect("an answer");
    assert_eq!(&heard, b"hello");
}

/// A stream that says after every piece that it would block.
pub struct Hesitant {
    pub stream: TcpStream,
    pub willing: bool,
}

impl Hesitant {
    fn turn<T>(&mut self, act: impl FnOnce(&mut TcpStream) -> io::Result<T>) -> io::Result<T> {
        self.willing = !self.willing;
        if self.willing {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        act(&mut self.stream)
    }
}

impl io::Read for Hesitant {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(700);
        self.turn(|stream| stream.read(&mut into[..most]))
    }
}

impl io::Write for Hesitant {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        self.turn(|stream| stream.write(&from[..from.len().min(1000)]))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

pub fn patiently<T>(mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match act() {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            done => return done,
        }
    }
}
