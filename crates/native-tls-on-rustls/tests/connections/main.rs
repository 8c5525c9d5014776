//! Connections to a server on this machine.
#![allow(clippy::expect_used, missing_docs, reason = "tests")]

mod stand;

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpListener};
use std::sync::Arc;
use std::thread;

use native_tls::{
    Certificate, HandshakeError, Identity, MidHandshakeTlsStream, Protocol, TlsConnector,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedKey, IsCa, KeyPair};
use rustls::RootCertStore;
use rustls::server::WebPkiClientVerifier;

use stand::{
    Hesitant, Stand, Unauthenticated, call, echo, patiently, serve, socket, speaks, trusting,
};

const LONG: usize = 300_000;

#[test]
fn a_server_with_the_right_root_and_name_is_spoken_to() {
    let stand = echo(&["localhost", "127.0.0.1", "data_base"]);
    for name in ["localhost", "127.0.0.1", "data_base"] {
        let mut stream = call(&trusting(&stand), name, &stand).expect("a connection");
        speaks(&mut stream);
        let shown = stream.peer_certificate().expect("an answer").expect("one");
        let root = Certificate::from_pem(stand.pem.as_bytes()).expect("a root");
        assert_eq!(
            shown.to_der().expect("bytes"),
            root.to_der().expect("bytes")
        );
        assert_eq!(stream.negotiated_alpn().expect("an answer"), None);
    }
    let mut older = trusting(&stand);
    older.max_protocol_version(Some(Protocol::Tlsv12));
    speaks(&mut call(&older, "localhost", &stand).expect("a connection"));
    assert!(
        older
            .max_protocol_version(Some(Protocol::Tlsv11))
            .build()
            .is_err()
    );
}

#[test]
fn a_server_that_nobody_vouches_for_is_refused() {
    let (stand, other) = (echo(&["localhost"]), echo(&["localhost"]));
    let error = call(&trusting(&other), "localhost", &stand).expect_err("no trust");
    assert!(error.contains("invalid peer certificate"), "{error}");
    let error = call(&TlsConnector::builder(), "localhost", &stand).expect_err("no trust");
    assert!(error.contains("invalid peer certificate"), "{error}");
    let mut any_name = trusting(&other);
    any_name.danger_accept_invalid_hostnames(true);
    call(&any_name, "localhost", &stand).expect_err("no trust");
}

#[test]
fn a_server_with_another_name_is_refused_unless_names_have_no_meaning() {
    let stand = echo(&["elsewhere"]);
    let mut builder = trusting(&stand);
    let error = call(&builder, "localhost", &stand).expect_err("another name");
    assert!(error.contains("not valid for"), "{error}");
    call(&builder, "no name", &stand).expect_err("no name");
    builder.danger_accept_invalid_hostnames(true);
    for name in ["localhost", "no name"] {
        speaks(&mut call(&builder, name, &stand).expect("a connection"));
    }
}

#[test]
fn any_certificate_does_where_that_was_asked_for() {
    let stand = echo(&["elsewhere"]);
    let mut builder = TlsConnector::builder();
    builder.danger_accept_invalid_certs(true);
    speaks(&mut call(&builder, "localhost", &stand).expect("a connection"));
}

#[test]
fn a_server_that_is_its_own_authority_is_trusted_where_it_was_named() {
    let authority = |key: &KeyPair| {
        let mut params = CertificateParams::new(["localhost".to_owned()]).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.self_signed(key).expect("a certificate")
    };
    let signing_key = KeyPair::generate().expect("a key");
    let other = authority(&signing_key);
    let cert = authority(&signing_key);
    let stand = serve(
        &CertifiedKey { cert, signing_key },
        Unauthenticated::with_no_client_auth,
    );
    speaks(&mut call(&trusting(&stand), "localhost", &stand).expect("a connection"));
    call(&trusting(&stand), "elsewhere", &stand).expect_err("another name");
    let mut of_other = TlsConnector::builder();
    let root = Certificate::from_der(other.der()).expect("a root");
    of_other
        .disable_built_in_roots(true)
        .add_root_certificate(root);
    call(&of_other, "localhost", &stand).expect_err("another certificate");
}

#[test]
fn protocols_inside_are_agreed_on() {
    let stand = echo(&["localhost"]);
    let mut builder = trusting(&stand);
    builder.request_alpns(&["h2", "http/1.1"]);
    let stream = call(&builder, "localhost", &stand).expect("a connection");
    assert_eq!(
        stream.negotiated_alpn().expect("an answer"),
        Some(b"h2".to_vec())
    );
}

#[test]
fn a_client_shows_who_it_is() {
    let client = rcgen::generate_simple_self_signed(["client".to_owned()]).expect("a certificate");
    let server =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let stand = serve(&server, |config| {
        let mut roots = RootCertStore::empty();
        roots.add(client.cert.der().clone()).expect("a root");
        let provider = Arc::clone(config.crypto_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        config.with_client_cert_verifier(verifier.build().expect("a verifier"))
    });
    let mut builder = trusting(&stand);
    let mut stranger = call(&builder, "localhost", &stand).expect("its greeting ends before");
    stranger.read(&mut [0]).expect_err("nobody");
    let pem = client.cert.pem();
    let key = client.signing_key.serialize_pem();
    builder.identity(Identity::from_pkcs8(pem.as_bytes(), key.as_bytes()).expect("an identity"));
    speaks(&mut call(&builder, "localhost", &stand).expect("a connection"));
    Identity::from_pkcs8(pem.as_bytes(), b"no key").expect_err("no key");
    Identity::from_pkcs8(b"", key.as_bytes()).expect_err("no certificate");
    Certificate::from_pem(b"no certificate").expect_err("no certificate");
}

#[test]
fn an_end_is_told_from_a_cut() {
    let stand = echo(&["localhost"]);
    let connect = || call(&trusting(&stand), "localhost", &stand).expect("a connection");
    let mut ended = connect();
    ended.write_all(b"bye").expect("it is sent");
    assert_eq!(ended.read(&mut [0]).expect("an end"), 0);
    let mut cut = connect();
    cut.write_all(b"cut").expect("it is sent");
    let error = cut.read(&mut [0]).expect_err("a cut");
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    let mut left = connect();
    left.shutdown().expect("it is said");
    left.shutdown().expect("again");
}

#[test]
fn a_server_that_leaves_or_babbles_in_the_greeting_is_an_error() {
    for says in [&b""[..], b"HTTP/1.1 400 Bad Request\r\n\r\n"] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let stand = Stand {
            address: listener.local_addr().expect("an address"),
            pem: String::new(),
        };
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a call");
            stream.read_exact(&mut [0; 5]).expect("a greeting");
            stream.write_all(says).expect("it is sent");
            // Half of the connection is closed: it hears on, and says nothing more.
            stream.shutdown(Shutdown::Write).expect("an end");
            drop(io::copy(&mut stream, &mut io::sink()));
        });
        call(&TlsConnector::builder(), "localhost", &stand).expect_err("no greeting");
        server.join().expect("it ends");
    }
}

#[test]
fn a_stream_that_would_block_is_gone_on_with() {
    let stand = echo(&["localhost"]);
    let stream = socket(&stand);
    let stream = Hesitant {
        stream,
        willing: false,
    };
    let connector = trusting(&stand).build().expect("a connector");
    let mut waits = 0;
    let mut greeting = connector.connect("localhost", stream);
    let mut stream = loop {
        let goes_on: MidHandshakeTlsStream<_> = match greeting {
            Ok(stream) => break stream,
            Err(HandshakeError::WouldBlock(goes_on)) => goes_on,
            Err(HandshakeError::Failure(error)) => panic!("{error}"),
        };
        waits += 1;
        greeting = goes_on.handshake();
    };
    assert!(waits > 2, "{waits}");
    let sent: Vec<u8> = (0..=250).cycle().take(LONG).collect();
    let (mut written, mut heard) = (0, Vec::with_capacity(LONG));
    let mut piece = [0; 5000];
    while written < LONG {
        let length = patiently(|| stream.write(&sent[written..])).expect("it is taken");
        written += length;
        while heard.len() < written {
            let length = patiently(|| stream.read(&mut piece)).expect("an answer");
            assert_ne!(length, 0);
            heard.extend_from_slice(&piece[..length]);
        }
    }
    assert!(heard == sent, "something else came back");
    patiently(|| stream.shutdown()).expect("an end");
}
