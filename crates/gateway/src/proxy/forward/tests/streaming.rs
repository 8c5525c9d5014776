//! Bodies flow while they are made, in both directions, and a broken one never looks whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

use super::stand::{PREFIX, Reply, Stand, must};
use crate::proxy::ProxyLimits;

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
const MIB: usize = 1 << 20;

/// Longest a step may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

fn on_socket<F>(run: impl FnOnce(TcpStream) -> F + Send + 'static) -> Reply
where
    F: Future<Output = ()> + Send + 'static,
{
    Reply::Socket(Box::new(move |socket| tokio::spawn(run(socket))))
}

#[tokio::test]
async fn the_first_piece_arrives_before_the_provider_is_done() {
    let go_on = Arc::new(Notify::new());
    let provider = Arc::clone(&go_on);
    let stand = Stand::new(move |_, _| {
        let go_on = Arc::clone(&provider);
        on_socket(async move |mut socket| {
            must(socket.write_all(&[HEAD, b"2\r\n[1\r\n"].concat()).await);
            go_on.notified().await;
            must(socket.write_all(b"3\r\n,2]\r\n0\r\n\r\n").await);
        })
    })
    .await;
    let mut answer = stand.get("/socket").await;
    let mut body = Vec::new();
    while !body.ends_with(b"[1") {
        let piece = must(timeout(PATIENCE, answer.chunk()).await);
        body.extend_from_slice(&must(piece).unwrap_or_default());
    }
    go_on.notify_one();
    while let Some(piece) = must(answer.chunk().await) {
        body.extend_from_slice(&piece);
    }
    assert_eq!(body, b"{\"output\":[1,2]}");
}

#[tokio::test]
async fn the_provider_gets_the_first_piece_before_the_caller_is_done() {
    let (seen, mut has_seen) = mpsc::unbounded_channel();
    let stand = Stand::new(move |_, _| {
        let seen = seen.clone();
        on_socket(async move |mut socket| {
            let mut first = [0; 1000];
            must(socket.read_exact(&mut first).await);
            must(seen.send(()));
            let mut rest = vec![0; MIB - 1000];
            must(socket.read_exact(&mut rest).await);
            must(
                socket
                    .write_all(
                        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
                    )
                    .await,
            );
        })
    })
    .await;
    let mut caller = must(TcpStream::connect(stand.gateway).await);
    let head = format!(
        "PUT {PREFIX}/socket HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {MIB}\r\n\r\n"
    );
    must(caller.write_all(head.as_bytes()).await);
    must(caller.write_all(&vec![b'x'; 2000]).await);
    assert_eq!(must(timeout(PATIENCE, has_seen.recv()).await), Some(()));
    must(caller.write_all(&vec![b'x'; MIB - 2000]).await);
    let mut answer = String::new();
    must(caller.read_to_string(&mut answer).await);
    assert!(answer.ends_with("ok"), "{answer}");
    assert_eq!(
        stand.received()[0].header("content-length"),
        Some(MIB.to_string().as_str())
    );
}

#[tokio::test]
async fn a_slow_caller_slows_the_provider_down() {
    const TOTAL: usize = 64;
    let written = Arc::new(AtomicUsize::new(0));
    let (stalled, mut has_stalled) = mpsc::unbounded_channel();
    let count = Arc::clone(&written);
    let stand = Stand::new(move |_, _| {
        let (count, stalled) = (Arc::clone(&count), stalled.clone());
        on_socket(async move |mut socket| {
            let head = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                TOTAL * MIB
            );
            must(socket.write_all(head.as_bytes()).await);
            let piece = vec![b'x'; MIB];
            for _ in 0..TOTAL {
                let mut rest = piece.as_slice();
                while !rest.is_empty() {
                    // A write that waits is the condition looked for: the whole chain is full.
                    if let Ok(sent) = timeout(Duration::from_millis(300), socket.write(rest)).await
                    {
                        rest = &rest[must(sent)..];
                    } else {
                        let _ = stalled.send(());
                        must(socket.writable().await);
                    }
                }
                count.fetch_add(1, Ordering::SeqCst);
            }
        })
    })
    .await;
    let mut answer = must(timeout(PATIENCE, stand.get("/socket")).await);
    assert_eq!(
        must(timeout(PATIENCE, has_stalled.recv()).await),
        Some(()),
        "the proxy took everything in"
    );
    assert!(
        written.load(Ordering::SeqCst) < TOTAL / 2,
        "{} MiB are held",
        written.load(Ordering::SeqCst)
    );
    let mut received = 0;
    while let Some(piece) = must(must(timeout(PATIENCE, answer.chunk()).await)) {
        received += piece.len();
    }
    assert_eq!(received, TOTAL * MIB);
}

#[tokio::test]
async fn a_large_upload_arrives_whole() {
    const TOTAL: usize = 64;
    let arrived = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&arrived);
    let stand = Stand::new(move |_, _| {
        let count = Arc::clone(&count);
        on_socket(async move |mut socket| {
            let mut piece = vec![0; MIB];
            while count.load(Ordering::SeqCst) < TOTAL * MIB {
                let read = must(socket.read(&mut piece).await);
                assert!(read > 0, "the upload broke off");
                count.fetch_add(read, Ordering::SeqCst);
            }
            must(
                socket
                    .write_all(
                        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
                    )
                    .await,
            );
        })
    })
    .await;
    let pieces = (0..TOTAL).map(|_| Ok::<_, std::io::Error>(vec![b'x'; MIB]));
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    let request = stand
        .request("PUT", "/socket")
        .header("content-length", TOTAL * MIB)
        .body(body);
    assert_eq!(stand.code(request).await, (200, "ok".to_owned()));
}

#[tokio::test]
async fn a_body_that_breaks_upstream_breaks_downstream() {
    for broken in [
        [HEAD, b"2\r\n{}\r\n"].concat(),
        [HEAD, b"5\r\n{}"].concat(),
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{}"
            .to_vec(),
        b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 10\r\n\r\nab".to_vec(),
    ] {
        let stand = Stand::new(move |_, _| Reply::Bytes(broken.clone())).await;
        let answer = stand.get("/projects").await;
        assert_eq!(answer.status().as_u16(), 200);
        assert!(answer.bytes().await.is_err());
        let raw = format!("GET {PREFIX}/projects HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let raw = stand.raw(raw.as_bytes()).await;
        assert!(
            !raw.ends_with("0\r\n\r\n") && !raw.contains("{\"output\":{}}"),
            "{raw}"
        );
    }
}

#[tokio::test]
async fn a_body_that_stands_still_is_broken_off() {
    let limits = ProxyLimits {
        idle_timeout: Duration::from_millis(50),
        ..ProxyLimits::default()
    };
    let stand = Stand::with_limits(limits, |_, _| {
        on_socket(async |mut socket| {
            must(socket.write_all(&[HEAD, b"2\r\n[1\r\n"].concat()).await);
            std::future::pending::<()>().await;
        })
    })
    .await;
    let answer = stand.get("/socket").await;
    assert!(must(timeout(PATIENCE, answer.bytes()).await).is_err());
}

#[tokio::test]
async fn a_caller_who_leaves_ends_the_providers_work() {
    let (ended, mut has_ended) = mpsc::unbounded_channel();
    let stand = Stand::new(move |_, _| {
        let ended = ended.clone();
        on_socket(async move |mut socket| {
            must(socket.write_all(HEAD).await);
            // Reading ends when the proxy closes its side.
            let mut nothing = [0; 1];
            let _ = socket.read(&mut nothing).await;
            let _ = ended.send(());
        })
    })
    .await;
    drop(stand.get("/socket").await);
    assert_eq!(must(timeout(PATIENCE, has_ended.recv()).await), Some(()));
}
