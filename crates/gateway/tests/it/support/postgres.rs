//! A `PostgreSQL` server for this process alone, which goes when the process goes, however that ends.
#![allow(clippy::print_stderr, reason = "says why there is none")]

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Makes the server, says so, restarts it for each line of its input, and takes it away when that ends.
const KEEPER: &str = r#"
bin=$1 port=$2 certificate=$3 key=$4 tls=
umask 077
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
if [ -n "$certificate" ]; then
    printf %s "$certificate" > "$folder/certificate"
    printf %s "$key" > "$folder/key"
    tls="-c ssl=on -c ssl_cert_file=$folder/certificate -c ssl_key_file=$folder/key"
fi
{
    "$bin/initdb" -D "$folder/data" -U postgres -A trust --no-sync --no-locale -E UTF8 &&
    "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "\
        -c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= \
        -c max_connections=400 -c shared_buffers=32MB \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off $tls" start
} > "$folder/start" 2>&1 || { cat "$folder/start" "$folder/log" >&2; exit 1; }
echo ready
while read -r _; do
    "$bin/pg_ctl" -D "$folder/data" -m fast -w -l "$folder/log" restart > "$folder/restart" 2>&1 && echo ready || cat "$folder/restart" >&2
done
"$bin/pg_ctl" -D "$folder/data" -m immediate stop > "$folder/stop" 2>&1
"#;
/// Another process may take a port before the server does.
const TRIES: usize = 3;
const NEEDED: [&str; 4] = ["initdb", "pg_ctl", "createdb", "pg_dump"];

pub struct Cluster {
    binaries: PathBuf,
    port: u16,
    databases: AtomicUsize,
    keeper: Child,
    /// The keeper waits for its end, which also comes when this process dies.
    open: Option<ChildStdin>,
    said: BufReader<ChildStdout>,
}

impl Cluster {
    /// The server of this process; none where `PostgreSQL` is not installed.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// A server of one's own, stopped when it is dropped.
    pub fn start() -> Option<Self> {
        Self::start_with_tls("", "")
    }

    /// One that also speaks TLS, with a certificate and its key in PEM.
    pub fn start_with_tls(certificate: &str, key: &str) -> Option<Self> {
        let Some(binaries) = binaries() else {
            eprintln!("no PostgreSQL here (POSTGRES_BIN may say where): not tested on it");
            return None;
        };
        let started = (0..TRIES).find_map(|_| Self::on_a_port(&binaries, certificate, key));
        Some(started.expect("PostgreSQL starts"))
    }

    fn on_a_port(binaries: &Path, certificate: &str, key: &str) -> Option<Self> {
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let mut keeper = as_nobody_special("sh")
            .args(["-c", KEEPER, "sh"])
            .arg(binaries)
            .args([&port.to_string(), certificate, key])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What interrupts the tests at a terminal leaves the keeper its work.
            .process_group(0)
            .spawn()
            .expect("a shell");
        let open = keeper.stdin.take();
        let said = BufReader::new(keeper.stdout.take().expect("an output"));
        let mut cluster = Self {
            binaries: binaries.to_owned(),
            port,
            databases: AtomicUsize::new(0),
            keeper,
            open,
            said,
        };
        cluster.is_ready().then_some(cluster)
    }

    fn is_ready(&mut self) -> bool {
        let mut said = String::new();
        self.said.read_line(&mut said).expect("text");
        said == "ready\n"
    }

    /// Stops the server and starts it again: every connection is closed, and for a while nobody answers.
    pub fn restart(&mut self) {
        let keeper = self.open.as_mut().expect("it is not stopped");
        keeper.write_all(b"restart\n").expect("the keeper listens");
        assert!(self.is_ready(), "PostgreSQL starts again");
    }

    /// The URL of a new, empty database.
    pub fn database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let made = Command::new(self.binaries.join("createdb"))
            .args(["-h", "127.0.0.1", "-U", "postgres", "-p"])
            .args([&self.port.to_string(), &name])
            .status();
        assert!(made.expect("createdb runs").success(), "no database {name}");
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }
}

impl Cluster {
    /// Everything that stands in a database, bytes as text.
    pub fn dump(&self, url: &str) -> Vec<u8> {
        let dumped = Command::new(self.binaries.join("pg_dump"))
            .args(["--dbname", url])
            .env("PGOPTIONS", "-c bytea_output=escape")
            .output()
            .expect("pg_dump runs");
        assert!(dumped.status.success(), "{dumped:?}");
        dumped.stdout
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.open.take());
        drop(self.keeper.wait());
    }
}

/// The server refuses to run as root.
fn as_nobody_special(program: &str) -> Command {
    let who = Command::new("id").arg("-u").output();
    if who.is_ok_and(|who| who.stdout == b"0\n") {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", program]);
        command.env_remove("TMPDIR");
        return command;
    }
    Command::new(program)
}

fn binaries() -> Option<PathBuf> {
    if let Some(named) = env::var_os("POSTGRES_BIN") {
        return Some(PathBuf::from(named));
    }
    let on_path = env::var_os("PATH").unwrap_or_default();
    let whole = |folder: &PathBuf| NEEDED.iter().all(|name| folder.join(name).is_file());
    env::split_paths(&on_path)
        .find(whole)
        .or_else(|| packaged().into_iter().find(whole))
}

/// Where packages of distributions put them, the newest first.
fn packaged() -> Vec<PathBuf> {
    let mut folders: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    folders.sort();
    folders.reverse();
    folders
}
