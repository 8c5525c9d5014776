//! What the process writes to its log: of every test that runs meanwhile.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Registry, fmt, reload};

/// Everything that a log could tell.
const ALL: &str = "info,paragon_gateway=trace";
const NOTHING: &str = "off";

/// Where lines go while somebody reads them.
static READERS: Mutex<Vec<Lines>> = Mutex::new(Vec::new());
static FILTER: OnceLock<reload::Handle<EnvFilter, Registry>> = OnceLock::new();

type Lines = Arc<Mutex<Vec<u8>>>;

/// Collects the log as long as it lives.
pub struct Log(Lines);

impl Log {
    pub fn watched() -> Self {
        let lines = Lines::default();
        readers(|readers| readers.push(Arc::clone(&lines)));
        Self(lines)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        readers(|readers| readers.retain(|lines| !Arc::ptr_eq(lines, &self.0)));
    }
}

/// Takes the log over; before the engine starts, which would.
pub fn take_over() -> &'static reload::Handle<EnvFilter, Registry> {
    FILTER.get_or_init(|| {
        let (filter, handle) = reload::Layer::new(EnvFilter::new(NOTHING));
        let written = fmt::layer().with_ansi(false).with_writer(|| ToReaders);
        tracing_subscriber::registry()
            .with(filter)
            .with(written)
            .init();
        handle
    })
}

/// Changes who reads, and has the log written for somebody or for nobody.
fn readers(change: impl FnOnce(&mut Vec<Lines>)) {
    let filter = take_over();
    let mut readers = READERS.lock().unwrap_or_else(PoisonError::into_inner);
    change(&mut readers);
    let wanted = if readers.is_empty() { NOTHING } else { ALL };
    filter.reload(EnvFilter::new(wanted)).unwrap();
}

struct ToReaders;

impl Write for ToReaders {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let readers = READERS.lock().unwrap_or_else(PoisonError::into_inner);
        for lines in readers.iter() {
            lines.lock().unwrap().extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
