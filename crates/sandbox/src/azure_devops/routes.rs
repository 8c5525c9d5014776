//! From a path below an organization to its handler.

use super::call::Call;
use super::dispatch::no_route;
use super::errors::{ApiError, not_simulated};
use super::reply::Reply;
use super::{discovery, hooks, projects, wiql, work_items as items};

const READ: &[&str] = &["vso.work"];
const WRITE: &[&str] = &["vso.work_write"];
const HOOKS: &[&str] = &["vso.hooks_write"];
const PROJECT: &[&str] = &["vso.project", "vso.profile"];
const ANY: &[&str] = &["vso.profile", "vso.project", "vso.work"];

/// Calls the handler of a request to an organization.
pub(crate) fn route(call: &Call<'_>, path: &str) -> Result<Reply, ApiError> {
    let lower: Vec<String> = call
        .rest
        .iter()
        .map(|text| text.to_ascii_lowercase())
        .collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let method = call.method.as_str();
    let method = if method == "HEAD" { "GET" } else { method };
    if let ["wit", rest @ ..] = lower.as_slice() {
        return route_work(call, method, rest).unwrap_or_else(|| Err(no_route(path)));
    }
    match (method, lower.as_slice()) {
        ("GET", ["connectiondata"]) => call
            .need(ANY)
            .and_then(|()| discovery::connection_data(call)),
        (_, ["hooks", rest @ ..]) => {
            route_hooks(call, method, rest).unwrap_or_else(|| Err(no_route(path)))
        }
        ("GET", ["projects"]) => call.need(PROJECT).and_then(|()| projects::list(call)),
        ("GET", ["projects", _]) => call
            .need(PROJECT)
            .and_then(|()| projects::get(call, &call.rest[1])),
        ("GET", ["projects", _, "properties"]) => call
            .need(PROJECT)
            .and_then(|()| projects::properties(call, &call.rest[1])),
        ("GET", ["projects", _, "teams"]) => call
            .need(PROJECT)
            .and_then(|()| projects::teams(call, &call.rest[1])),
        ("GET", ["projects", _, "teams", _]) => call
            .need(PROJECT)
            .and_then(|()| projects::team(call, &call.rest[1], &call.rest[3])),
        ("GET", ["projects", _, "teams", _, "members"]) => call
            .need(PROJECT)
            .and_then(|()| projects::members(call, &call.rest[1], &call.rest[3])),
        ("GET", ["teams"]) => call.need(PROJECT).and_then(|()| projects::all_teams(call)),
        ("GET", ["process", "processes"]) => call.need(PROJECT).map(|()| projects::processes(call)),
        ("GET", ["process", "processes", _]) => call
            .need(PROJECT)
            .and_then(|()| projects::process(call, &call.rest[2])),
        _ => Err(no_route(path)),
    }
}

/// Routes of the `hooks` area; `None` when there is no such route.
fn route_hooks(call: &Call<'_>, method: &str, rest: &[&str]) -> Option<Result<Reply, ApiError>> {
    let run =
        |run: &dyn Fn() -> Result<Reply, ApiError>| Some(call.need(HOOKS).and_then(|()| run()));
    let id = || call.rest.get(2).map_or("", String::as_str);
    match (method, rest) {
        ("GET", ["publishers", "tfs", "eventtypes"]) => run(&|| Ok(hooks::event_types())),
        ("GET", ["subscriptions"]) => run(&|| hooks::list(call)),
        ("POST", ["subscriptions"]) => run(&|| hooks::create(call)),
        ("GET", ["subscriptions", _]) => run(&|| hooks::get(call, id())),
        ("DELETE", ["subscriptions", _]) => run(&|| hooks::delete(call, id())),
        ("GET", ["subscriptions", _, "notifications"]) => run(&|| hooks::notifications(call, id())),
        _ => None,
    }
}

/// Routes of the `wit` area; `None` when there is no such route.
fn route_work(call: &Call<'_>, method: &str, rest: &[&str]) -> Option<Result<Reply, ApiError>> {
    let read =
        |run: &dyn Fn() -> Result<Reply, ApiError>| Some(call.need(READ).and_then(|()| run()));
    let write =
        |run: &dyn Fn() -> Result<Reply, ApiError>| Some(call.need(WRITE).and_then(|()| run()));
    let word = |index: usize| call.rest.get(index + 1).map_or("", String::as_str);
    match (method, rest) {
        ("POST", ["wiql"]) => read(&|| wiql::run(call)),
        ("GET", ["wiql", _]) => read(&|| wiql::run_stored(call, word(1))),
        ("GET", ["workitems"]) => read(&|| items::read::list(call)),
        ("GET", ["workitems", kind]) if kind.starts_with('$') => {
            read(&|| items::create::template(call, &word(1)[1..]))
        }
        // The service also takes PATCH here, which its examples show.
        ("POST" | "PATCH", ["workitems", kind]) if kind.starts_with('$') => {
            write(&|| items::create::create(call, &word(1)[1..]))
        }
        ("GET", ["workitems", _]) => read(&|| items::read::get(call, word(1))),
        ("PATCH", ["workitems", _]) => write(&|| items::update::update(call, word(1))),
        ("DELETE", ["workitems", _]) => write(&|| items::delete::delete(call, word(1))),
        ("POST", ["workitemsbatch"]) => read(&|| items::read::batch(call)),
        ("POST", ["workitemsdelete"]) => write(&|| items::delete::delete_many(call)),
        ("GET", ["recyclebin"]) => read(&|| items::recycle_bin::list(call)),
        ("GET", ["recyclebin", _]) => read(&|| items::recycle_bin::get(call, word(1))),
        ("PATCH", ["recyclebin", _]) => write(&|| items::recycle_bin::restore(call, word(1))),
        ("DELETE", ["recyclebin", _]) => write(&|| items::recycle_bin::destroy(call, word(1))),
        ("GET", ["workitems", _, "comments"]) => read(&|| items::comments::list(call, word(1))),
        ("POST", ["workitems", _, "comments"]) => write(&|| items::comments::add(call, word(1))),
        ("GET", ["workitems", _, "comments", _]) => {
            read(&|| items::comments::get(call, word(1), word(3)))
        }
        ("PATCH", ["workitems", _, "comments", _]) => {
            write(&|| items::comments::change(call, word(1), word(3)))
        }
        ("DELETE", ["workitems", _, "comments", _]) => {
            write(&|| items::comments::delete(call, word(1), word(3)))
        }
        ("GET", ["workitems", _, "revisions"]) => {
            read(&|| items::history::revisions(call, word(1)))
        }
        ("GET", ["workitems", _, "revisions", _]) => {
            read(&|| items::history::revision(call, word(1), word(3)))
        }
        ("GET", ["workitems", _, "updates"]) => read(&|| items::history::updates(call, word(1))),
        ("GET", ["workitems", _, "updates", _]) => {
            read(&|| items::history::update(call, word(1), word(3)))
        }
        ("GET", ["workitemtypes"]) => read(&|| items::types::list(call)),
        ("GET", ["workitemtypes", _]) => read(&|| items::types::get(call, word(1))),
        ("GET", ["workitemtypes", _, "states"]) => read(&|| items::types::states(call, word(1))),
        ("GET", ["workitemtypes", _, "fields"]) => read(&|| items::types::fields(call, word(1))),
        ("GET", ["workitemtypes", _, "fields", _]) => {
            read(&|| items::types::field(call, word(1), word(3)))
        }
        ("GET", ["fields"]) => read(&|| Ok(items::types::all_fields(call))),
        ("GET", ["fields", _]) => read(&|| items::types::one_field(call, word(1))),
        ("GET", ["classificationnodes"]) => read(&|| items::classification::roots(call)),
        ("GET", ["classificationnodes", _, ..]) => read(&|| items::classification::node(call)),
        ("GET", ["workitemrelationtypes"]) => read(&|| Ok(items::relation_types::list(call))),
        ("GET", ["workitemrelationtypes", _]) => {
            read(&|| items::relation_types::get(call, word(1)))
        }
        ("POST" | "PATCH", ["$batch"]) => read(&|| items::bulk::run(call)),
        ("POST", ["attachments"]) => write(&|| items::attachments::upload(call)),
        ("PUT", ["attachments", _]) => Some(Err(not_simulated("An upload in chunks"))),
        ("GET", ["attachments", _]) => read(&|| items::attachments::download(call, word(1))),
        _ => None,
    }
}
