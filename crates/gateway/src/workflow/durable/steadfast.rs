//! A database whose connections break now and then, and which loses no run by that.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use duroxide::providers::{
    DispatcherCapabilityFilter, ExecutionMetadata, OrchestrationItem, Provider, ProviderAdmin,
    ProviderError, ScheduledActivityIdentifier, SessionFetchConfig, TagFilter, WorkItem,
};
use duroxide::{Event, SystemStats};

type Answer<T> = Result<T, ProviderError>;

/// How often a piece of a run is tried to be written down with the lease that it was led on with.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(50);

/// The engine ends a run as failed where what came of it cannot be written down, and calls a connection that the server
/// closed such a case. Here the writing is tried again, on another connection; and where that does not help, the failure
/// is not written down either. The lease runs out then, and somebody leads the run on from where it was.
pub struct Steadfast<P> {
    inner: P,
    /// Leases whose pieces could not be written down.
    given_up: Mutex<HashSet<String>>,
}

impl<P> Steadfast<P> {
    pub fn new(inner: P) -> Self {
        Self {
            inner,
            given_up: Mutex::default(),
        }
    }

    fn given_up(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.given_up
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[async_trait]
impl<P: Provider> Provider for Steadfast<P> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn version(&self) -> &str {
        self.inner.version()
    }

    async fn ack_orchestration_item(
        &self,
        lease: &str,
        execution: u64,
        history: Vec<Event>,
        steps: Vec<WorkItem>,
        messages: Vec<WorkItem>,
        metadata: ExecutionMetadata,
        cancelled: Vec<ScheduledActivityIdentifier>,
    ) -> Answer<()> {
        const NAME: &str = "ack_orchestration_item";
        // It was given up before: this is the failure of the run.
        if self.given_up().remove(lease) {
            let message = "not written down: somebody else leads the run on";
            return Err(ProviderError::permanent(NAME, message));
        }
        for tried in 1.. {
            let (history, steps) = (history.clone(), steps.clone());
            let (messages, cancelled) = (messages.clone(), cancelled.clone());
            let metadata = metadata.clone();
            let written = self.inner.ack_orchestration_item(
                lease, execution, history, steps, messages, metadata, cancelled,
            );
            match written.await {
                Ok(()) => break,
                Err(error) if tried == TRIES => {
                    self.given_up().insert(lease.to_owned());
                    return Err(ProviderError::permanent(NAME, error.message));
                }
                // Where it was written and only the answer was lost, the lease is over, and the next try says so.
                Err(_) => tokio::time::sleep(PAUSE * tried).await,
            }
        }
        Ok(())
    }

    async fn fetch_orchestration_item(
        &self,
        lease: Duration,
        wait: Duration,
        filter: Option<&DispatcherCapabilityFilter>,
    ) -> Answer<Option<(OrchestrationItem, String, u32)>> {
        let inner = &self.inner;
        inner.fetch_orchestration_item(lease, wait, filter).await
    }

    async fn abandon_orchestration_item(
        &self,
        lease: &str,
        delay: Option<Duration>,
        ignore: bool,
    ) -> Answer<()> {
        let inner = &self.inner;
        inner.abandon_orchestration_item(lease, delay, ignore).await
    }

    async fn read(&self, run: &str) -> Answer<Vec<Event>> {
        self.inner.read(run).await
    }

    async fn read_with_execution(&self, run: &str, execution: u64) -> Answer<Vec<Event>> {
        self.inner.read_with_execution(run, execution).await
    }

    async fn append_with_execution(
        &self,
        run: &str,
        execution: u64,
        events: Vec<Event>,
    ) -> Answer<()> {
        let inner = &self.inner;
        inner.append_with_execution(run, execution, events).await
    }

    async fn enqueue_for_worker(&self, item: WorkItem) -> Answer<()> {
        self.inner.enqueue_for_worker(item).await
    }

    async fn fetch_work_item(
        &self,
        lease: Duration,
        wait: Duration,
        session: Option<&SessionFetchConfig>,
        tags: &TagFilter,
    ) -> Answer<Option<(WorkItem, String, u32)>> {
        let inner = &self.inner;
        inner.fetch_work_item(lease, wait, session, tags).await
    }

    async fn ack_work_item(&self, lease: &str, completion: Option<WorkItem>) -> Answer<()> {
        self.inner.ack_work_item(lease, completion).await
    }

    async fn renew_work_item_lock(&self, lease: &str, time: Duration) -> Answer<()> {
        self.inner.renew_work_item_lock(lease, time).await
    }

    async fn renew_session_lock(
        &self,
        owners: &[&str],
        time: Duration,
        idle: Duration,
    ) -> Answer<usize> {
        self.inner.renew_session_lock(owners, time, idle).await
    }

    async fn cleanup_orphaned_sessions(&self, idle: Duration) -> Answer<usize> {
        self.inner.cleanup_orphaned_sessions(idle).await
    }

    async fn abandon_work_item(
        &self,
        lease: &str,
        delay: Option<Duration>,
        ignore: bool,
    ) -> Answer<()> {
        self.inner.abandon_work_item(lease, delay, ignore).await
    }

    async fn renew_orchestration_item_lock(&self, lease: &str, time: Duration) -> Answer<()> {
        self.inner.renew_orchestration_item_lock(lease, time).await
    }

    async fn enqueue_for_orchestrator(
        &self,
        item: WorkItem,
        delay: Option<Duration>,
    ) -> Answer<()> {
        self.inner.enqueue_for_orchestrator(item, delay).await
    }

    fn as_management_capability(&self) -> Option<&dyn ProviderAdmin> {
        self.inner.as_management_capability()
    }

    async fn get_custom_status(
        &self,
        run: &str,
        seen: u64,
    ) -> Answer<Option<(Option<String>, u64)>> {
        self.inner.get_custom_status(run, seen).await
    }

    async fn get_kv_value(&self, run: &str, key: &str) -> Answer<Option<String>> {
        self.inner.get_kv_value(run, key).await
    }

    async fn get_kv_all_values(&self, run: &str) -> Answer<HashMap<String, String>> {
        self.inner.get_kv_all_values(run).await
    }

    async fn get_instance_stats(&self, run: &str) -> Answer<Option<SystemStats>> {
        self.inner.get_instance_stats(run).await
    }
}
