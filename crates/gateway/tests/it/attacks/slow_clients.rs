//! Clients that say nothing, or never finish: the gateway goes on answering everybody else.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::support::program::Program;

/// What has not come by then does not come.
const NEVER: Duration = Duration::from_secs(30);

/// Asks for health on a connection of its own and gives how long it took.
pub(super) fn health(program: &Program) -> Duration {
    let began = Instant::now();
    let mut stream = program.connect();
    // One that does not come is a failure, too.
    stream.set_read_timeout(Some(NEVER)).unwrap();
    let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let answer = rest(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    began.elapsed()
}

pub(super) fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset is an end, too.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

const SOON: Duration = Duration::from_secs(1);

/// One test at a time: each measures, or floods the machine.
static ALONE: Mutex<()> = Mutex::new(());

pub(super) fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn silent_connections_take_no_descriptor_that_others_need() {
    let _alone = alone();
    let few = ["sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"];
    let mut program = Program::start_as("", &few);
    let mut silent = Vec::new();
    for number in 0..600 {
        silent.push(program.connect());
        if number % 50 == 0 {
            let took = health(&program);
            assert!(took < SOON, "{took:?} beside {number} silent connections");
        }
    }
    assert!(health(&program) < SOON);
    // The system's own list: a quarter of the descriptors is left.
    let open = std::fs::read_dir(format!("/proc/{}/fd", program.id()));
    if let Ok(open) = open {
        assert!(open.count() <= 256 - 64 + 48);
    }
    for first in &mut silent[..400] {
        assert_eq!(rest(first), "", "it gave way");
    }
    assert!(program.is_running());
    let log = program.stop();
    assert!(log.contains("max_connections_per_peer"), "{log}");
    assert!(!log.contains("could not be accepted"), "{log}");
}

#[test]
fn bodies_that_never_end_are_answered_408_while_others_are_served() {
    let _alone = alone();
    let program = Program::start("");
    let slow: Vec<_> = (0..200)
        .map(|number| {
            let mut stream = program.connect();
            let path = ["/connect/ticket", "/dashboard/api/session"][number % 2];
            let request = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost:4400\r\nOrigin: http://localhost:4400\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"
            );
            stream.write_all(request.as_bytes()).unwrap();
            stream
        })
        .collect();
    for _ in 0..20 {
        let took = health(&program);
        assert!(took < SOON, "{took:?}");
    }
    let began = Instant::now();
    for mut stream in slow {
        let answer = rest(&mut stream);
        assert!(
            answer.starts_with("HTTP/1.1 408") && answer.contains("body_incomplete"),
            "{answer}"
        );
    }
    assert!(began.elapsed() < Duration::from_secs(30));
}
