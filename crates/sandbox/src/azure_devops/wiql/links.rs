//! Link queries: pairs and trees of work items.

use std::collections::HashSet;

use super::super::model::{Organization, Target, WorkItem};
use super::ast::{Condition, Mode};
use super::error::QueryError;
use super::eval::{Context, Subject, holds};

/// One row: a root has neither link type nor source.
pub(crate) struct Row {
    pub(crate) link: Option<(String, i64)>,
    pub(crate) target: i64,
}

const CHILD: &str = "System.LinkTypes.Hierarchy-Forward";

/// Runs a link query over live items.
pub(crate) fn run(
    context: &Context<'_>,
    organization: &Organization,
    condition: Option<&Condition>,
    mode: Mode,
) -> Result<Vec<Row>, QueryError> {
    let search = Search {
        context,
        organization,
        condition,
    };
    let mut sources = Vec::new();
    for item in organization
        .items
        .values()
        .filter(|item| item.deletion.is_none())
    {
        let subject = Subject {
            source: Some(item),
            target: None,
            link: None,
        };
        if search.may_hold(subject)? {
            sources.push(item);
        }
    }
    if mode == Mode::Recursive {
        search.tree(&sources)
    } else {
        search.pairs(&sources, mode)
    }
}

struct Search<'a> {
    context: &'a Context<'a>,
    organization: &'a Organization,
    condition: Option<&'a Condition>,
}

impl<'a> Search<'a> {
    fn may_hold(&self, subject: Subject<'_>) -> Result<bool, QueryError> {
        match self.condition {
            None => Ok(true),
            Some(condition) => Ok(holds(self.context, condition, subject)? != Some(false)),
        }
    }

    fn linked(&self, source: &'a WorkItem) -> Result<Vec<(&'a str, &'a WorkItem)>, QueryError> {
        let mut found = Vec::new();
        for relation in &source.relations {
            let Target::Item(id) = relation.target else {
                continue;
            };
            let Some(target) = self
                .organization
                .items
                .get(&id)
                .filter(|item| item.deletion.is_none())
            else {
                continue;
            };
            if self.may_hold(Subject {
                source: Some(source),
                target: Some(target),
                link: Some(&relation.rel),
            })? {
                found.push((relation.rel.as_str(), target));
            }
        }
        Ok(found)
    }

    fn pairs(&self, sources: &[&'a WorkItem], mode: Mode) -> Result<Vec<Row>, QueryError> {
        let mut rows = Vec::new();
        for source in sources {
            let linked = self.linked(source)?;
            let keep = match mode {
                Mode::MustContain => !linked.is_empty(),
                Mode::DoesNotContain => linked.is_empty(),
                Mode::MayContain | Mode::Recursive => true,
            };
            if keep {
                rows.push(Row {
                    link: None,
                    target: source.id,
                });
                rows.extend(linked.iter().map(|(rel, target)| Row {
                    link: Some(((*rel).to_owned(), source.id)),
                    target: target.id,
                }));
            }
        }
        Ok(rows)
    }

    /// Trees along the child links; an item whose parent is listed is no root.
    fn tree(&self, sources: &[&'a WorkItem]) -> Result<Vec<Row>, QueryError> {
        let ids: HashSet<i64> = sources.iter().map(|item| item.id).collect();
        let mut seen = HashSet::new();
        let mut rows = Vec::new();
        for source in sources {
            let parent = source
                .fields
                .get("System.Parent")
                .and_then(serde_json::Value::as_i64);
            if parent.is_some_and(|id| ids.contains(&id)) || !seen.insert(source.id) {
                continue;
            }
            rows.push(Row {
                link: None,
                target: source.id,
            });
            let mut open = vec![*source];
            while let Some(item) = open.pop() {
                for (rel, child) in self
                    .linked(item)?
                    .into_iter()
                    .filter(|(rel, _)| *rel == CHILD)
                {
                    if seen.insert(child.id) {
                        rows.push(Row {
                            link: Some((rel.to_owned(), item.id)),
                            target: child.id,
                        });
                        open.push(child);
                    }
                }
            }
        }
        Ok(rows)
    }
}
