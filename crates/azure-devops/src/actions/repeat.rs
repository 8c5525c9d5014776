//! What is left of an update whose answer was lost: made out from what the item has now. Pure: nothing is sent here.
//!
//! An update with fields raises the revision by one, and carries a test of the revision before; so if it was made, the
//! revision after that one is its own. A change of links alone need not raise the revision: links are known by their kind
//! and target.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::names::FieldValues;
use super::update::UpdateInput;
use super::work_item::WorkItem;

/// The field whose value becomes a comment.
pub const HISTORY: &str = "System.History";
const CHANGED_BY: &str = "System.ChangedBy";
const TAGS: &str = "System.Tags";

/// What makes a link known, wherever it is in the item's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Reference name of its kind.
    pub rel: String,
    /// Address of its target.
    pub url: String,
}

impl Link {
    fn of(relation: &Value) -> Option<Self> {
        let text = |name: &str| relation[name].as_str().map(str::to_owned);
        Some(Self {
            rel: text("rel")?,
            url: text("url")?,
        })
    }

    fn is_of(&self, relation: &Value) -> bool {
        Self::of(relation)
            .is_some_and(|other| other.rel == self.rel && is_same_target(&other.url, &self.url))
    }

    fn place_in(&self, item: &WorkItem) -> Option<u32> {
        let at = relations(item).iter().position(|one| self.is_of(one))?;
        u32::try_from(at).ok()
    }
}

/// The account that sends a run's changes.
#[derive(Debug, Clone)]
pub struct Author {
    /// Id of its identity in the organization.
    pub id: String,
    /// Its address.
    pub unique_name: String,
}

impl Author {
    /// The author of an answer of `_apis/connectionData`.
    pub fn read(connection: &Value) -> Option<Self> {
        let user = &connection["authenticatedUser"];
        Some(Self {
            id: user["id"].as_str()?.to_owned(),
            unique_name: user["properties"]["Account"]["$value"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        })
    }

    fn is(&self, person: Option<&Value>) -> bool {
        let is = |name: &str, own: &str| {
            let text = person.and_then(|person| person[name].as_str());
            text.is_some_and(|text| !own.is_empty() && text.eq_ignore_ascii_case(own))
        };
        is("id", &self.id) || is("uniqueName", &self.unique_name)
    }
}

/// The links at `places`; none if one of the places is beyond the list.
pub fn links_at(item: &WorkItem, places: &[u32]) -> Option<Vec<Link>> {
    let at = |place: &u32| {
        let place = usize::try_from(*place).ok()?;
        Link::of(relations(item).get(place)?)
    };
    places.iter().map(at).collect()
}

/// Whether `revision` is one that `input` made, when `author` sent it. `comments` are those of this revision.
///
/// A comment decides alone: it is the one thing that a repeat would make twice, and the service may have written the
/// other values in a form of its own.
pub fn is_made_by(
    input: &UpdateInput,
    author: &Author,
    revision: &WorkItem,
    comments: &[Value],
) -> bool {
    let Some(FieldValues(fields)) = &input.fields else {
        return true;
    };
    let names_author = fields.contains_key(CHANGED_BY);
    if !names_author && !author.is(revision.fields.get(CHANGED_BY)) {
        return false;
    }
    if let Some(comment) = fields.get(HISTORY).and_then(comment_text) {
        return comments
            .iter()
            .filter_map(comment_text)
            .any(|made| made == comment);
    }
    fields
        .iter()
        .filter(|(name, _)| *name != HISTORY)
        .all(|(name, value)| is_same_value(name, value, revision.fields.get(name)))
}

/// What of `input` is still to be done on `item`: its fields unless they `are_set`, `removed` links that are still there,
/// new links that are not. `items` is the address that an item's id is put behind.
pub fn rest(
    input: &UpdateInput,
    item: &WorkItem,
    removed: &[Link],
    are_set: bool,
    items: &str,
) -> UpdateInput {
    let missing = input.relations.iter().flatten().filter(|relation| {
        let link = Link {
            rel: relation.rel.clone(),
            url: relation.target(items),
        };
        link.place_in(item).is_none()
    });
    let places = removed.iter().filter_map(|link| link.place_in(item));
    UpdateInput {
        fields: input.fields.clone().filter(|_| !are_set),
        relations: Some(missing.cloned().collect()),
        remove_relations: Some(places.collect()),
        ..input.clone()
    }
}

fn relations(item: &WorkItem) -> &[Value] {
    item.relations.as_deref().unwrap_or_default()
}

/// Addresses of one work item differ in what comes before its id: the service puts the project in, and its own spelling.
fn is_same_target(one: &str, other: &str) -> bool {
    let item = |url: &str| {
        let (rest, id) = url.trim_end_matches('/').rsplit_once('/')?;
        let is_item = rest.to_ascii_lowercase().ends_with("/_apis/wit/workitems");
        is_item.then(|| id.parse::<i64>().ok()).flatten()
    };
    match (item(one), item(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => {
            one == other
                || Url::parse(one)
                    .is_ok_and(|one| Url::parse(other).is_ok_and(|other| one == other))
        }
        _ => false,
    }
}

/// Whether a field `has` the value that was asked for, in whatever form the service keeps it.
fn is_same_value(name: &str, wanted: &Value, has: Option<&Value>) -> bool {
    let is_empty = |value: &Value| value.is_null() || value.as_str().is_some_and(str::is_empty);
    let has = match has.filter(|value| !is_empty(value)) {
        Some(has) if !is_empty(wanted) => has,
        has => return has.is_none() && is_empty(wanted),
    };
    if wanted == has || number(wanted).is_some() && number(wanted) == number(has) {
        return true;
    }
    let wanted = text(wanted);
    if has.is_object() {
        return is_person(&wanted, has);
    }
    let has = text(has);
    if name.eq_ignore_ascii_case(TAGS) {
        return tags(&wanted).is_subset(&tags(&has));
    }
    matches!((moment(&wanted), moment(&has)), (Some(one), Some(other)) if one == other)
        || plain(&wanted) == plain(&has)
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn number(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// `Name <mail>`, or one of its parts, or an id.
fn is_person(wanted: &str, person: &Value) -> bool {
    let part = |name: &str| person[name].as_str().unwrap_or_default().to_lowercase();
    let wanted = wanted.trim().to_lowercase();
    let (name, mail) = (part("displayName"), part("uniqueName"));
    [
        format!("{name} <{mail}>"),
        part("id"),
        part("descriptor"),
        name,
        mail,
    ]
    .iter()
    .any(|known| !known.is_empty() && *known == wanted)
}

fn tags(text: &str) -> BTreeSet<String> {
    let names = text
        .split([';', ','])
        .map(|name| name.trim().to_lowercase());
    names.filter(|name| !name.is_empty()).collect()
}

/// A time, or a day, which begins at midnight UTC.
fn moment(text: &str) -> Option<jiff::Timestamp> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let day: jiff::civil::DateTime = text.parse().ok()?;
        Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })
}

fn comment_text(value: &Value) -> Option<String> {
    value.as_str().map(plain).filter(|text| !text.is_empty())
}

/// Text without markup, with single blanks: the service cleans HTML before it keeps it.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let tag = after.find('>');
        let is_tag =
            after.starts_with(|sign: char| sign.is_ascii_alphabetic() || "/!".contains(sign));
        if let Some(end) = tag.filter(|_| is_tag) {
            out.push(' ');
            rest = &after[end + 1..];
        } else {
            out.push('<');
            rest = after;
        }
    }
    out.push_str(rest);
    let entities = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    for (entity, sign) in entities {
        out = out.replace(entity, sign);
    }
    let words: Vec<_> = out.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests;
