//! Attacks on the program, a file for each kind of attacker. `docs/security.md` has the table of all guards and their tests.

mod flood;
mod foreign_tenants;
mod forged_refusals;
mod greedy_users;
mod log_injection;
mod made_up_keys;
#[cfg(unix)]
mod other_users_of_the_machine;
mod slow_clients;
mod strangers_flow;
