//! Threads that serve connections, one for each core, each with a runtime of its own.
//!
//! What a request does stays on the thread that read it, with its connection to the provider (`proxy::egress`): nothing is
//! handed over, locked or woken on another core on its way. Connections are dealt out in turn.

use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// Most threads of a worker for what blocks, such as working out a password's hash.
const BLOCKING_THREADS: usize = 32;

/// Where connections are served. Its threads end with it, and with them what they serve.
pub struct Workers {
    handles: Vec<Handle>,
    next: AtomicUsize,
    threads: Vec<Worker>,
}

struct Worker {
    thread: Option<JoinHandle<()>>,
    stop: Option<oneshot::Sender<()>>,
}

impl Workers {
    /// As many threads as there are cores.
    ///
    /// # Errors
    /// The system gives no more threads or descriptors.
    pub fn start() -> io::Result<Self> {
        let count = thread::available_parallelism().map_or(1, usize::from);
        let mut workers = Self {
            handles: Vec::with_capacity(count),
            next: AtomicUsize::new(0),
            threads: Vec::with_capacity(count),
        };
        for number in 0..count {
            let runtime = Builder::new_current_thread()
                .enable_all()
                .max_blocking_threads(BLOCKING_THREADS)
                .build()?;
            workers.handles.push(runtime.handle().clone());
            let (stop, stopped) = oneshot::channel();
            let thread = thread::Builder::new()
                .name(format!("serving-{number}"))
                .spawn(move || drop(runtime.block_on(stopped)))?;
            workers.threads.push(Worker {
                thread: Some(thread),
                stop: Some(stop),
            });
        }
        Ok(workers)
    }

    /// The runtime that this is called in, which others use as well.
    pub fn here() -> Self {
        Self {
            handles: vec![Handle::current()],
            next: AtomicUsize::new(0),
            threads: Vec::new(),
        }
    }

    /// Runs `task` on the worker whose turn it is.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.handles.len();
        self.handles[turn].spawn(task);
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for worker in &mut self.threads {
            drop(worker.stop.take());
        }
        for worker in &mut self.threads {
            if let Some(thread) = worker.thread.take() {
                // A worker that panicked has ended as well.
                let _ = thread.join();
            }
        }
    }
}
