//! The client over real sockets.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

fn client(policy: EgressPolicy) -> EgressClient {
    EgressClient::new(policy, Duration::from_secs(5)).unwrap_or_else(|error| panic!("{error}"))
}

fn get(uri: &str) -> Request<Bytes> {
    Request::get(uri)
        .body(Bytes::new())
        .unwrap_or_else(|error| panic!("{uri}: {error}"))
}

/// Serves one connection with `answer` and gives what was received up to the end of the headers.
async fn serve_once(answer: &'static str) -> (SocketAddr, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    let address = listener
        .local_addr()
        .unwrap_or_else(|error| panic!("{error}"));
    let served = tokio::spawn(async move {
        let Ok((mut socket, _)) = listener.accept().await else {
            return String::new();
        };
        let mut received = Vec::new();
        while !received.windows(4).any(|end| end == b"\r\n\r\n") {
            let mut chunk = [0; 1024];
            match socket.read(&mut chunk).await {
                Ok(count) if count > 0 => received.extend_from_slice(&chunk[..count]),
                _ => break,
            }
        }
        let _ = socket.write_all(answer.as_bytes()).await;
        String::from_utf8_lossy(&received).into_owned()
    });
    (address, served)
}

#[tokio::test]
async fn non_public_addresses_are_refused() {
    let client = client(EgressPolicy::PublicOnly);
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "10.0.0.1",
        "0.0.0.0",
    ] {
        let result = client
            .fetch(get(&format!("https://{host}:9/")), FetchLimits::default())
            .await;
        assert!(
            matches!(result, Err(EgressError::AddressRefused { .. })),
            "{host}: {result:?}"
        );
    }
}

#[tokio::test]
async fn names_that_resolve_to_this_machine_are_refused() {
    for host in [
        "localhost",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.1",
    ] {
        let name: Name = host
            .parse()
            .unwrap_or_else(|error| panic!("{host}: {error}"));
        let mut resolver = Resolver {
            policy: EgressPolicy::PublicOnly,
        };
        let result = resolver.call(name).await;
        assert!(
            result.is_err_and(|error| error.is::<ConnectRefused>()),
            "{host}"
        );
    }
}

#[tokio::test]
async fn the_simulator_policy_opens_loopback_and_nothing_else() {
    let (address, _) = serve_once("HTTP/1.1 204 No Content\r\n\r\n").await;
    let client = client(EgressPolicy::AllowLoopback);
    let answer = client
        .fetch(
            get(&format!("http://localhost:{}/", address.port())),
            FetchLimits::default(),
        )
        .await;
    assert!(answer.is_ok(), "{answer:?}");
    for host in [
        "169.254.169.254",
        "10.0.0.1",
        "192.168.0.1",
        "[fe80::1]",
        "0.0.0.0",
    ] {
        let result = client
            .fetch(get(&format!("http://{host}:9/")), FetchLimits::default())
            .await;
        assert!(
            matches!(result, Err(EgressError::AddressRefused { .. })),
            "{host}: {result:?}"
        );
    }
}

#[tokio::test]
async fn plain_http_is_refused_outside_development() {
    let result = client(EgressPolicy::PublicOnly)
        .fetch(get("http://8.8.8.8:9/"), FetchLimits::default())
        .await;
    assert!(
        matches!(result, Err(EgressError::Unreachable(_))),
        "{result:?}"
    );
}

#[tokio::test]
async fn the_path_is_sent_byte_for_byte() {
    let (address, served) = serve_once("HTTP/1.1 204 No Content\r\n\r\n").await;
    let path = "/a//b/%2e/%5C%24x/$User%20Story/%e2%82%AC;p=1?q='a'&b=%27|{}^`%zz";
    let answer = client(EgressPolicy::AllowLoopback)
        .fetch(
            get(&format!("http://{address}{path}")),
            FetchLimits::default(),
        )
        .await;
    assert!(answer.is_ok(), "{answer:?}");
    let received = served.await.unwrap_or_default();
    assert!(
        received.starts_with(&format!("GET {path} HTTP/1.1\r\n")),
        "{received}"
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (address, _) = serve_once(
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    )
    .await;
    let answer = client(EgressPolicy::AllowLoopback)
        .fetch(get(&format!("http://{address}/")), FetchLimits::default())
        .await;
    assert_eq!(
        answer.map(|answer| answer.status().as_u16()).ok(),
        Some(302)
    );
}

#[tokio::test]
async fn large_and_slow_answers_are_given_up() {
    let client = client(EgressPolicy::AllowLoopback);
    let (address, _) = serve_once("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123456789").await;
    let small = FetchLimits {
        body_bytes: 9,
        ..FetchLimits::default()
    };
    let result = client
        .fetch(get(&format!("http://{address}/")), small)
        .await;
    assert!(
        matches!(result, Err(EgressError::TooLarge { limit_bytes: 9 })),
        "{result:?}"
    );

    let silent = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    let address = silent
        .local_addr()
        .unwrap_or_else(|error| panic!("{error}"));
    let quick = FetchLimits {
        timeout: Duration::from_millis(50),
        ..FetchLimits::default()
    };
    let result = client
        .fetch(get(&format!("http://{address}/")), quick)
        .await;
    assert!(matches!(result, Err(EgressError::Timeout)), "{result:?}");
}

#[tokio::test]
async fn a_refused_connection_and_a_broken_one_are_told_apart() {
    let client = client(EgressPolicy::AllowLoopback);
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    let closed = listener
        .local_addr()
        .unwrap_or_else(|error| panic!("{error}"));
    drop(listener);
    let result = client
        .fetch(get(&format!("http://{closed}/")), FetchLimits::default())
        .await;
    assert!(
        matches!(result, Err(EgressError::Unreachable(_))),
        "{result:?}"
    );

    let (address, _) = serve_once("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123").await;
    let result = client
        .fetch(get(&format!("http://{address}/")), FetchLimits::default())
        .await;
    assert!(
        matches!(result, Err(EgressError::Interrupted(_))),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_silent_tls_handshake_ends_with_the_connect_timeout() {
    let silent = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    let address = silent
        .local_addr()
        .unwrap_or_else(|error| panic!("{error}"));
    let client = EgressClient::new(EgressPolicy::AllowLoopback, Duration::from_millis(50));
    let client = client.unwrap_or_else(|error| panic!("{error}"));
    let result = client
        .fetch(
            get(&format!("https://localhost:{}/", address.port())),
            FetchLimits::default(),
        )
        .await;
    assert!(matches!(result, Err(EgressError::Timeout)), "{result:?}");
}
