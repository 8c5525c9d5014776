use axum::routing::get;
use futures_util::stream::{self, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;

use super::*;

async fn started(
    patience: Patience,
    limits: ConnectionLimits,
) -> (
    std::net::SocketAddr,
    oneshot::Sender<()>,
    tokio::task::JoinHandle<()>,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let endless = get(|| async {
        let begun = stream::iter([Ok::<_, Infallible>("begun")]);
        Body::from_stream(begun.chain(stream::pending()))
    });
    let large = get(|| async { vec![b'x'; 64 << 20] });
    let router = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/endless", endless)
        .route("/large", large);
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(async move {
        let stop = async { drop(stopped.await) };
        serve(listener, router, (patience, limits), &Workers::here(), stop).await;
    });
    (address, stop, serving)
}

/// What comes until the server closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let closed = tokio::time::timeout(AT_MOST, stream.read_to_end(&mut answer)).await;
    // A reset is an end, too.
    drop(closed.expect("the server closes the connection"));
    String::from_utf8_lossy(&answer).into_owned()
}

async fn connected(address: SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(request.as_bytes()).await.expect("writes");
    stream
}

/// A connection with a request that is being answered without end.
async fn busy(address: SocketAddr) -> TcpStream {
    let mut stream = connected(address, "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(begins(&mut stream).await, "it is served");
    stream
}

/// Whether an answer begins; otherwise the connection is closed.
async fn begins(stream: &mut TcpStream) -> bool {
    let mut seen = String::new();
    let mut piece = [0; 512];
    loop {
        let read = tokio::time::timeout(AT_MOST, stream.read(&mut piece)).await;
        match read.expect("an answer, or the end") {
            Ok(0) | Err(_) => return false,
            Ok(length) => seen.push_str(&String::from_utf8_lossy(&piece[..length])),
        }
        if seen.contains("begun") {
            return true;
        }
    }
}

fn is_open(stream: &TcpStream) -> bool {
    let nothing = stream.try_read(&mut [0; 8]).map_err(|error| error.kind());
    nothing == Err(std::io::ErrorKind::WouldBlock)
}

async fn hello(address: SocketAddr) -> String {
    let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    rest(&mut connected(address, request).await).await
}

/// Each wait is short, the others are longer than any test.
fn patience(first_byte: u64, headers: u64, answer: u64) -> Patience {
    Patience {
        first_byte: Duration::from_millis(first_byte),
        headers: Duration::from_millis(headers),
        answer: Duration::from_millis(answer),
        ending: Duration::from_millis(50),
    }
}

const LONG: u64 = 600_000;
/// What takes longer is not going to happen.
const AT_MOST: Duration = Duration::from_secs(20);

#[tokio::test]
async fn silent_connections_are_closed_before_slow_ones() {
    let waits = patience(50, LONG, LONG);
    let (address, _stop, _serving) = started(waits, ConnectionLimits::default()).await;
    assert_eq!(rest(&mut connected(address, "").await).await, "");
}

#[tokio::test]
async fn a_client_that_never_ends_its_headers_is_cut_off() {
    let waits = patience(LONG, 50, LONG);
    let (address, _stop, _serving) = started(waits, ConnectionLimits::default()).await;
    for beginning in [
        "G",
        "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        // Of HTTP/2, whose preface is waited for before the version is known.
        "PRI * HTTP/2.0",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = rest(&mut connected(address, beginning).await).await;
        assert!(!answer.contains("hello"), "{beginning}: {answer}");
    }
}

#[tokio::test]
async fn lines_that_end_with_a_line_feed_alone_are_refused() {
    let waits = patience(LONG, LONG, LONG);
    let (address, _stop, _serving) = started(waits, ConnectionLimits::default()).await;
    let before = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    for bad in [
        "GET / HTTP/1.1\nHost: x\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\n",
        "\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    ] {
        let answer = rest(&mut connected(address, bad).await).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{bad:?}: {answer}");
        let second = format!("{before}{bad}");
        let answer = rest(&mut connected(address, &second).await).await;
        let statuses: Vec<_> = answer
            .split("HTTP/1.1 ")
            .skip(1)
            .map(|one| &one[..3])
            .collect();
        assert_eq!(statuses, ["200", "400"], "{bad:?}");
    }
    assert!(hello(address).await.ends_with("hello"));
}

#[tokio::test]
async fn a_connection_that_asks_for_nothing_more_is_closed() {
    let waits = patience(LONG, 50, LONG);
    let (address, _stop, _serving) = started(waits, ConnectionLimits::default()).await;
    let mut idle = connected(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(rest(&mut idle).await.ends_with("hello"));
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_cut_off() {
    let waits = patience(LONG, LONG, 50);
    let (address, _stop, _serving) = started(waits, ConnectionLimits::default()).await;
    let mut lazy = connected(address, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await;
    // Nothing is read; writing fails once the server has closed.
    let closed = async { while lazy.write_all(b" ").await.is_ok() {} };
    let closed = tokio::time::timeout(AT_MOST, closed).await;
    closed.expect("the server closes the connection");
}

#[tokio::test]
async fn those_that_wait_give_way_and_those_that_work_stay() {
    let limits = ConnectionLimits {
        total: 8,
        per_peer: 6,
        ..ConnectionLimits::default()
    };
    let (address, _stop, _serving) = started(patience(LONG, LONG, LONG), limits).await;
    let busy = busy(address).await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        silent.push(connected(address, "").await);
        assert!(hello(address).await.ends_with("hello"));
    }
    for first in &mut silent[..34] {
        assert_eq!(rest(first).await, "", "the oldest gave way");
    }
    assert!(is_open(&busy));
}

#[tokio::test]
async fn one_peer_has_no_more_than_its_share_and_trusted_proxies_have_all() {
    for (trusted_proxies, served) in [(vec![], 3), (vec!["127.0.0.1".parse().expect("one")], 5)] {
        let limits = ConnectionLimits {
            total: 5,
            per_peer: 3,
            trusted_proxies,
        };
        let (address, _stop, _serving) = started(patience(LONG, LONG, LONG), limits).await;
        let mut all = Vec::new();
        for _ in 0..served {
            all.push(busy(address).await);
        }
        for _ in 0..3 {
            let request = "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n";
            assert!(!begins(&mut connected(address, request).await).await);
        }
        assert!(all.iter().all(is_open), "{served}");
    }
}

#[test]
fn descriptors_for_the_service_s_own_use_stay_free() {
    let of = |descriptors| {
        let limits = ConnectionLimits::default().within(descriptors);
        (limits.total, limits.per_peer)
    };
    assert_eq!(of(None), (4096, 1024));
    assert_eq!(of(Some(65_536)), (4096, 1024));
    assert_eq!(of(Some(1024)), (768, 576));
    assert_eq!(of(Some(256)), (192, 144));
    assert_eq!(of(Some(10)), (1, 1));
}

#[tokio::test]
async fn stopping_does_not_wait_for_a_request_without_end() {
    let waits = patience(LONG, LONG, LONG);
    let (address, stop, serving) = started(waits, ConnectionLimits::default()).await;
    let _client = busy(address).await;
    let answer = hello(address).await;
    assert!(answer.ends_with("hello"), "{answer}");
    drop(stop);
    serving.await.expect("it ended");
}
