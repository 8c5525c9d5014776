//! Queries in the Work Item Query Language, built of what callers give.
//!
//! The language has no parameters, so text goes in as a literal: in single quotes, with each of its own doubled. Names of
//! fields are [`FieldName`]s, operators and macros come from closed lists, numbers are written anew.
//!
//! Source: <https://learn.microsoft.com/azure/devops/boards/queries/wiql-syntax>

use super::filter::{Filter, FilterError, Join, Literal, Operand};
use super::names::FieldName;
use super::search::{Direction, SearchInput};

/// The query of a search that gives no query of its own.
///
/// # Errors
/// [`FilterError`] for a filter whose parts do not fit.
pub fn query(search: &SearchInput) -> Result<String, FilterError> {
    let mut query = "SELECT [System.Id] FROM WorkItems".to_owned();
    let conditions = conditions(search)?;
    let project = search
        .project
        .is_some()
        .then(|| "[System.TeamProject] = @project".to_owned());
    let all: Vec<_> = project.into_iter().chain(conditions).collect();
    if !all.is_empty() {
        query.push_str(" WHERE ");
        query.push_str(&all.join(Join::And.word()));
    }
    let order: Vec<_> = search
        .order_by
        .iter()
        .flatten()
        .map(|order| match order.direction.unwrap_or_default() {
            Direction::Asc => bracketed(&order.field),
            Direction::Desc => bracketed(&order.field) + " DESC",
        })
        .collect();
    if !order.is_empty() {
        query.push_str(" ORDER BY ");
        query.push_str(&order.join(", "));
    }
    Ok(query)
}

/// Filters and groups as one condition in parentheses.
fn conditions(search: &SearchInput) -> Result<Option<String>, FilterError> {
    let mut all = Vec::new();
    for filter in search.filters.iter().flatten() {
        all.push(comparison(filter)?);
    }
    for group in search.groups.iter().flatten() {
        let inner: Vec<_> = group
            .filters
            .iter()
            .map(comparison)
            .collect::<Result<_, _>>()?;
        if !inner.is_empty() {
            all.push(format!("({})", inner.join(group.join.word())));
        }
    }
    let join = search.join.unwrap_or_default();
    Ok((!all.is_empty()).then(|| format!("({})", all.join(join.word()))))
}

/// `[Field] operator operand`
pub fn comparison(filter: &Filter) -> Result<String, FilterError> {
    let field = bracketed(&filter.field);
    let operator = filter.operator.word();
    Ok(match filter.operand()? {
        Operand::None => format!("{field} {operator}"),
        Operand::One(value) => format!("{field} {operator} {}", literal(value)),
        Operand::Many(list) => {
            let list: Vec<_> = list.iter().map(literal).collect();
            format!("{field} {operator} ({})", list.join(", "))
        }
        Operand::Macro(word, 0) => format!("{field} {operator} {}", word.word()),
        Operand::Macro(word, offset) => {
            let sign = if offset < 0 { '-' } else { '+' };
            format!(
                "{field} {operator} {} {sign} {}",
                word.word(),
                offset.unsigned_abs()
            )
        }
    })
}

/// SECURITY: a [`FieldName`] has no bracket in it.
fn bracketed(field: &FieldName) -> String {
    format!("[{}]", field.as_str())
}

/// SECURITY: the only place where a caller's text enters a query.
fn literal(value: &Literal) -> String {
    match value {
        Literal::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Literal::Boolean(flag) => flag.to_string(),
        Literal::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(whole), ..) => whole.to_string(),
            (None, Some(whole), _) => whole.to_string(),
            // Without an exponent, which the language does not know.
            (None, None, number) => number.unwrap_or_default().to_string(),
        },
    }
}
