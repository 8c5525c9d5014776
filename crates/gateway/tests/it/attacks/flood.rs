//! Floods against the program itself: it goes on answering, and its memory is what it was before.

use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::slow_clients::{alone, health, rest};
use crate::support::program::Program;

/// Every address that a test writes into `X-Forwarded-For` counts as one of its own.
const BEHIND_PROXY: &str = "trusted_proxies = [\"127.0.0.1\"]\n";
const MIB: u64 = 1 << 20;

/// What the program has in memory now, as the system counts it.
fn resident(program: &Program) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib: u64 = line
        .and_then(|line| line.split_whitespace().nth(1))
        .and_then(|number| number.parse().ok())
        .unwrap();
    kib * 1024
}

/// The same, once no more than 100 MiB were added to `before`, or as it stays.
fn settled(program: &Program, before: u64) -> u64 {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let now = resident(program);
        if now <= before + 100 * MIB || Instant::now() > until {
            return now;
        }
        thread::yield_now();
    }
}

fn assert_flat(program: &Program, before: u64, what: &str) {
    let after = settled(program, before);
    println!(
        "{what}: {} MiB before, {} MiB after",
        before / MIB,
        after / MIB
    );
    assert!(
        after <= before + 100 * MIB,
        "{what}: {} MiB before, {} MiB after",
        before / MIB,
        after / MIB
    );
}

fn sign_in(program: &Program, number: usize) -> String {
    let body =
        format!("{{\"email\":\"user{number}@example.com\",\"password\":\"a wrong password\"}}");
    let mut stream = program.connect();
    let from = format!("10.{}.{}.1", number / 250, number % 250);
    let request = format!(
        "POST /dashboard/api/session HTTP/1.1\r\nHost: localhost:4400\r\nOrigin: http://localhost:4400\r\n\
         Content-Type: application/json\r\nX-Forwarded-For: {from}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    rest(&mut stream)
}

/// This many at once; each is answered.
fn sign_ins(program: &Arc<Program>, count: usize) {
    let all: Vec<_> = (0..count)
        .map(|number| {
            let program = Arc::clone(program);
            thread::spawn(move || sign_in(&program, number))
        })
        .collect();
    for one in all {
        let answer = one.join().unwrap();
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    }
}

#[test]
fn fifty_anonymous_sign_ins_leave_no_memory_behind() {
    let _alone = alone();
    let program = Arc::new(Program::start(BEHIND_PROXY));
    health(&program);
    let before = resident(&program);
    sign_ins(&program, 50);
    assert_flat(&program, before, "50 sign-ins");
}

/// So many answers at least are measured in each flood.
const LEAST_PROBES: usize = 200;
/// Within this comes the answer, 99 times of 100.
const SOON: Duration = Duration::from_secs(1);
/// And within this each: a thread of the test, too, may wait for its turn on a machine that others use.
const LATEST: Duration = Duration::from_secs(5);

/// Asks for health again and again, and keeps how long each answer took.
struct Prober {
    stop: Arc<AtomicBool>,
    asking: JoinHandle<Vec<Duration>>,
}

impl Prober {
    fn start(program: &Arc<Program>) -> Self {
        let (program, stop) = (Arc::clone(program), Arc::new(AtomicBool::new(false)));
        let stopped = Arc::clone(&stop);
        let asking = thread::spawn(move || {
            let mut took = Vec::new();
            while !stopped.load(Ordering::SeqCst) || took.len() < LEAST_PROBES {
                took.push(health(&program));
            }
            took
        });
        Self { stop, asking }
    }

    /// Ends when enough was measured; the flood goes on until then.
    fn end(self, what: &str) {
        self.stop.store(true, Ordering::SeqCst);
        let mut took = self.asking.join().unwrap();
        took.sort_unstable();
        let (count, slowest) = (took.len(), took[took.len() - 1]);
        let most = took[count * 99 / 100];
        println!(
            "{what}: {count} answers about health, 99 % within {most:?}, the slowest after {slowest:?}"
        );
        assert!(
            most < SOON && slowest < LATEST,
            "{what}: 99 % within {most:?}, the slowest after {slowest:?}"
        );
    }
}

/// What no client sends, each kind in as many forms as numbers.
fn malformed(number: usize) -> Vec<u8> {
    let long = "x".repeat(number % 7 * 40_000 + 1);
    let text = match number % 20 {
        0 => format!("GET /{number} HTTP/1.1\nHost: x\n\n"),
        1 => format!("GET /{number} HTTP/1.1\r\n\r\n"),
        2 => format!("GET /{number} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        3 => format!("GET / HTTP/{}.{}\r\nHost: x\r\n\r\n", number % 90, number % 9),
        4 => format!("{long} / HTTP/1.1\r\nHost: x\r\n\r\n"),
        5 => format!("GET /{long}\0 HTTP/1.1\r\nHost: x\r\n\r\n"),
        6 => format!("GET / HTTP/1.1\r\nHost: x\r\n{long}\0: 1\r\n\r\n"),
        7 => format!("GET / HTTP/1.1\r\nHost: x\r\nX: a\rb{number}\r\n\r\n"),
        8 => "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".into(),
        9 => "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde".into(),
        10 => format!("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked{number}\r\n\r\n0\r\n\r\n"),
        11 => "POST /connect/ticket HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".into(),
        12 => "POST /connect/ticket HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n".into(),
        13 => format!("POST /connect/ticket HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost:4400\r\nContent-Length: 9\r\n\r\n{{\"a\":{number:04}"),
        14 => format!("GET /projects/app/sdk/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {long}\r\n\r\n"),
        15 => format!("GET /projects/%ff%{number}/sdk/me HTTP/1.1\r\nHost: x\r\n\r\n"),
        16 => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnot a frame of HTTP/2 at all".into(),
        17 => format!("GET http://{long}@/ HTTP/1.1\r\nHost: x\r\n\r\n"),
        18 => format!("\u{16}\u{3}\u{1}{long}"),
        _ => format!("{long}\r\n\r\n"),
    };
    text.into_bytes()
}

/// Sends one on a connection of its own; gives the status, if there is one.
fn send_malformed(program: &Program, number: usize) -> Option<String> {
    let mut stream = program.connect();
    // It may be cut off in the middle.
    let _ = stream.write_all(&malformed(number));
    let _ = stream.shutdown(Shutdown::Write);
    rest(&mut stream).split(' ').nth(1).map(str::to_owned)
}

#[test]
fn ten_thousand_malformed_requests_and_hundreds_of_slow_clients_stop_nothing() {
    let _alone = alone();
    // As many connections as the program holds.
    paragon_gateway::serving::raise_descriptor_limit();
    let program = Arc::new(Program::start(BEHIND_PROXY));
    health(&program);
    let before = resident(&program);

    let prober = Prober::start(&program);
    let senders: Vec<_> = (0..8)
        .map(|sender| {
            let program = Arc::clone(&program);
            thread::spawn(move || {
                for number in (sender..10_000).step_by(8) {
                    let status = send_malformed(&program, number);
                    let is_refused = status
                        .as_deref()
                        .is_none_or(|status| status.starts_with('4'));
                    assert!(is_refused, "kind {}: {status:?}", number % 20);
                }
            })
        })
        .collect();
    for sender in senders {
        sender.join().unwrap();
    }
    prober.end("10,000 malformed requests");
    assert_flat(&program, before, "10,000 malformed requests");

    let prober = Prober::start(&program);
    let silent: Vec<TcpStream> = (0..1000).map(|_| program.connect()).collect();
    let slow: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = program.connect();
            let request = "POST /connect/ticket HTTP/1.1\r\nHost: localhost:4400\r\nOrigin: http://localhost:4400\r\n\
                           Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
            stream.write_all(request.as_bytes()).unwrap();
            stream
        })
        .collect();
    sign_ins(&program, 200);
    prober.end("1,000 silent sockets, 200 slow bodies, 200 sign-ins");
    drop((silent, slow));
    assert_flat(&program, before, "all of it");
}
