//! The engine's database, as the engine sees it: it tells of work when there is some, and loses no run to a busy moment or a
//! connection that breaks.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use duroxide::providers::{
    DispatcherCapabilityFilter, ExecutionMetadata, OrchestrationItem, Provider, ProviderAdmin,
    ProviderError, ScheduledActivityIdentifier, SessionFetchConfig, TagFilter, WorkItem,
};
use duroxide::{Event, SystemStats};

use super::retrying::{RetryingWrites, again};
use super::waker::Waker;

type Answer<T> = Result<T, ProviderError>;

/// A provider of the engine's with what it lacks.
pub struct EngineProvider<P> {
    inner: P,
    /// Woken when a run may go on.
    runs: Arc<Waker>,
    /// Woken when a step may be due.
    steps: Arc<Waker>,
    writing: RetryingWrites,
}

impl<P> EngineProvider<P> {
    pub fn new(inner: P) -> Self {
        Self {
            inner,
            runs: Arc::default(),
            steps: Arc::default(),
            writing: RetryingWrites::default(),
        }
    }
}

#[async_trait]
impl<P: Provider> Provider for EngineProvider<P> {
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
        let has_steps = !steps.is_empty();
        let due: Vec<_> = messages.iter().filter_map(due_in).collect();
        let write = || {
            let (history, steps) = (history.clone(), steps.clone());
            let (messages, cancelled) = (messages.clone(), cancelled.clone());
            let metadata = metadata.clone();
            self.inner.ack_orchestration_item(
                lease, execution, history, steps, messages, metadata, cancelled,
            )
        };
        self.writing.write(lease, write).await?;
        if has_steps {
            self.steps.wake();
        }
        // Whatever came for the run while it was led on can be taken now.
        self.runs.wake();
        for pause in due {
            self.runs.wake_after(pause);
        }
        Ok(())
    }

    async fn fetch_orchestration_item(
        &self,
        lease: Duration,
        wait: Duration,
        filter: Option<&DispatcherCapabilityFilter>,
    ) -> Answer<Option<(OrchestrationItem, String, u32)>> {
        let fetch = || self.inner.fetch_orchestration_item(lease, wait, filter);
        self.runs.wait(fetch).await
    }

    async fn abandon_orchestration_item(
        &self,
        lease: &str,
        delay: Option<Duration>,
        ignore: bool,
    ) -> Answer<()> {
        let inner = &self.inner;
        inner
            .abandon_orchestration_item(lease, delay, ignore)
            .await
            .inspect(|()| self.runs.wake_after(delay.unwrap_or_default()))
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
        let written = self.inner.enqueue_for_worker(item).await;
        written.inspect(|()| self.steps.wake())
    }

    async fn fetch_work_item(
        &self,
        lease: Duration,
        wait: Duration,
        session: Option<&SessionFetchConfig>,
        tags: &TagFilter,
    ) -> Answer<Option<(WorkItem, String, u32)>> {
        let fetch = || self.inner.fetch_work_item(lease, wait, session, tags);
        self.steps.wait(fetch).await
    }

    async fn ack_work_item(&self, lease: &str, completion: Option<WorkItem>) -> Answer<()> {
        let write = || self.inner.ack_work_item(lease, completion.clone());
        let written = again(ProviderError::is_retryable, write).await;
        written.inspect(|()| {
            self.runs.wake();
            self.steps.wake();
        })
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
        let written = self.inner.abandon_work_item(lease, delay, ignore).await;
        written.inspect(|()| self.steps.wake_after(delay.unwrap_or_default()))
    }

    async fn renew_orchestration_item_lock(&self, lease: &str, time: Duration) -> Answer<()> {
        self.inner.renew_orchestration_item_lock(lease, time).await
    }

    async fn enqueue_for_orchestrator(
        &self,
        item: WorkItem,
        delay: Option<Duration>,
    ) -> Answer<()> {
        let pause = delay.or_else(|| due_in(&item)).unwrap_or_default();
        let written = self.inner.enqueue_for_orchestrator(item, delay).await;
        written.inspect(|()| self.runs.wake_after(pause))
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

/// How long until a message can be taken; none for one that can be taken at once.
fn due_in(message: &WorkItem) -> Option<Duration> {
    let WorkItem::TimerFired { fire_at_ms, .. } = message else {
        return None;
    };
    let now = u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or_default();
    Some(Duration::from_millis(fire_at_ms.saturating_sub(now)))
}
