//! The data every sandbox starts with. Ids are derived from names, so they are the same in every run.

mod items;
mod organizations;
mod people;

use std::collections::{BTreeMap, VecDeque};

use uuid::Uuid;

use super::config::SandboxConfig;
use super::entra::EntraState;
use super::state::{Knobs, State};

/// The seeded state.
pub(crate) fn state(config: &SandboxConfig) -> State {
    let now = config.clock.now();
    let people = people::people();
    let organizations = organizations::organizations(now);
    let organizations: BTreeMap<_, _> = organizations
        .into_iter()
        .map(|one| (one.name.to_ascii_lowercase(), one))
        .collect();
    State {
        directories: people::directories(),
        people,
        organizations,
        entra: EntraState::default(),
        knobs: Knobs::new(config),
        requests: VecDeque::new(),
        deliveries: Vec::new(),
    }
}

/// The id of a seeded thing.
fn id_of(name: &str) -> Uuid {
    Uuid::new_v5(
        &Uuid::NAMESPACE_URL,
        format!("https://sandbox.example/{name}").as_bytes(),
    )
}

/// The directory whose administrators must approve apps, for tests.
#[cfg(test)]
pub(crate) fn fabrikam_id() -> Uuid {
    people::fabrikam()
}
