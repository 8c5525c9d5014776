use proptest::prelude::*;

use super::*;

/// What is left of `text` when it comes in pieces of these sizes.
fn seen(text: &str, pieces: &[usize]) -> String {
    let mut lines = StrictLines::default();
    let mut bytes = text.as_bytes().to_vec();
    let mut rest = bytes.as_mut_slice();
    let mut sizes = pieces.iter().cycle();
    while !rest.is_empty() {
        let size = sizes.next().map_or(rest.len(), |size| (*size).max(1));
        let (piece, after) = rest.split_at_mut(size.min(rest.len()));
        lines.check(piece);
        rest = after;
    }
    String::from_utf8(bytes).expect("text")
}

const GOOD: [&str; 6] = [
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n\na\nb\n",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n\n\n\n\r\n0\r\nX: y\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\ncontent-length: 9\r\ntransfer-encoding: chunked\r\n\r\n1\r\n\n\r\n0\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\n",
];

#[test]
fn good_requests_pass_one_after_the_other() {
    for first in GOOD {
        for second in GOOD {
            let both = format!("{first}{second}");
            assert_eq!(seen(&both, &[]), both);
        }
    }
    let http2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\n\n\n";
    assert_eq!(seen(http2, &[]), http2);
}

#[test]
fn a_lone_line_feed_is_spoilt_wherever_lines_are() {
    for bad in [
        "\n",
        "GET / HTTP/1.1\n",
        "GET / HTTP/1.1\r\nHost: x\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\n",
    ] {
        for before in std::iter::once("").chain(GOOD) {
            let spoilt = format!("{before}{}\0", &bad[..bad.len() - 1]);
            assert_eq!(seen(&format!("{before}{bad}"), &[]), spoilt);
        }
    }
    let long = format!(
        "POST / HTTP/1.1\r\nTransfer-Encoding:{}chunked\r\n",
        " ".repeat(300)
    );
    assert!(seen(&long, &[]).ends_with('\0'), "its end was not seen");
}

proptest! {
    #[test]
    fn how_it_comes_does_not_matter(
        text in "(GET|POST|content-length: [0-9]{1,2}|transfer-encoding: chunked|[0-3]|\r\n|\n|x){0,60}",
        pieces in prop::collection::vec(1_usize..9, 1..9),
    ) {
        prop_assert_eq!(seen(&text, &pieces), seen(&text, &[]));
    }
}
