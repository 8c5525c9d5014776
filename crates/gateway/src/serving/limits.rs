//! Who is connected, and who must give way.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::ConnectionLimits;
use super::activity::Activity;
use crate::http::client_address::network;

/// A full house is logged this often.
const SAID_EVERY: Duration = Duration::from_secs(10);

/// All connections, by peer.
#[derive(Debug)]
pub(super) struct Connections {
    limits: ConnectionLimits,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    by_peer: HashMap<Peer, BTreeMap<u64, Arc<Activity>>>,
    count: usize,
    last_id: u64,
    said_at: Option<Instant>,
}

/// An address or network; proxies that are trusted have a mark, since theirs are not counted by peer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Peer {
    network: String,
    is_trusted: bool,
}

impl Connections {
    pub(super) fn new(limits: ConnectionLimits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            open: Mutex::default(),
        })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a new connection. Where there is none, the connection that waits longest for its client gives way:
    /// first those of the same peer, then those of the peer that has most. `None` if all are busy.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let peer = Peer {
            network: network(address),
            is_trusted: self
                .limits
                .trusted_proxies
                .contains(&address.to_canonical()),
        };
        let mut open = self.open();
        let own = open.by_peer.get(&peer).map_or(0, BTreeMap::len);
        let is_full_for_peer = !peer.is_trusted && own >= self.limits.per_peer;
        if is_full_for_peer || open.count >= self.limits.total {
            open.say_full(own);
            let crowd = if is_full_for_peer {
                Some(peer.clone())
            } else {
                open.most_waiting()
            };
            open.evict(&crowd?)?;
        }
        open.last_id += 1;
        let id = open.last_id;
        let activity = Arc::new(Activity::new());
        let of_peer = open.by_peer.entry(peer.clone()).or_default();
        of_peer.insert(id, Arc::clone(&activity));
        open.count += 1;
        Some(Place {
            connections: Arc::clone(self),
            peer,
            id,
            activity,
        })
    }

    /// Closes what waits longest, where the system has no descriptor left.
    pub(super) fn make_room(&self) {
        let mut open = self.open();
        if let Some(peer) = open.most_waiting() {
            open.evict(&peer);
        }
    }

    fn leave(&self, peer: &Peer, id: u64) {
        self.open().remove(peer, id);
    }
}

impl Open {
    /// The peer with most connections, among those that have one that waits.
    fn most_waiting(&self) -> Option<Peer> {
        let waiting = self
            .by_peer
            .iter()
            .filter(|(_, all)| all.values().any(|one| one.waiting_since().is_some()));
        waiting
            .max_by_key(|(_, all)| all.len())
            .map(|(peer, _)| peer.clone())
    }

    /// Ends the connection of `peer` that waits longest. It counts no more from now on.
    fn evict(&mut self, peer: &Peer) -> Option<()> {
        let all = self.by_peer.get(peer)?;
        let waiting = all
            .iter()
            .filter_map(|(id, one)| one.waiting_since().map(|since| (since, *id)));
        let (_, id) = waiting.min()?;
        self.remove(peer, id)?.evict();
        Some(())
    }

    fn remove(&mut self, peer: &Peer, id: u64) -> Option<Arc<Activity>> {
        let all = self.by_peer.get_mut(peer)?;
        let removed = all.remove(&id)?;
        if all.is_empty() {
            self.by_peer.remove(peer);
        }
        self.count -= 1;
        Some(removed)
    }

    fn say_full(&mut self, of_peer: usize) {
        let now = Instant::now();
        if self.said_at.is_none_or(|at| now - at >= SAID_EVERY) {
            self.said_at = Some(now);
            tracing::warn!(
                connections = self.count,
                of_peer,
                "there are as many connections as there may be: those that wait give way; see `max_connections`, `max_connections_per_peer` and `trusted_proxies`"
            );
        }
    }
}

/// A connection's place among all; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    connections: Arc<Connections>,
    peer: Peer,
    id: u64,
    activity: Arc<Activity>,
}

impl Place {
    pub(super) fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.leave(&self.peer, self.id);
    }
}
