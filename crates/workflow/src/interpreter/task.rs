//! The task that a step asks for, with the values of its references.

use crate::{Scope, Work};
use serde_json::{Value, json};

use super::values::values_of;
use crate::run::{StepError, Task};

/// The task of a step that has to be tried; none for one that is decided here.
pub(super) fn of(work: &Work, scope: &Scope) -> Option<Result<Task, StepError>> {
    let task = match work {
        Work::Action { action, parameters } => {
            let parameters = Value::Object(parameters.clone());
            values_of(&parameters, "/do/parameters", scope).map(|values| Task::Action {
                action: action.clone(),
                parameters,
                values,
            })
        }
        Work::Response { status, body } => {
            values_of(body, "/do/body", scope).map(|values| Task::Response {
                status: *status,
                body: body.clone(),
                values,
            })
        }
        Work::IntegrationRequest {
            method,
            path,
            content_type,
            body,
        } => {
            let fields = json!({ "path": path, "body": body });
            values_of(&fields, "/do", scope).map(|values| Task::IntegrationRequest {
                method: *method,
                content_type: *content_type,
                fields,
                values,
            })
        }
        Work::Request {
            method,
            url,
            headers,
            body,
        } => {
            let fields = json!({ "url": url, "headers": headers, "body": body });
            values_of(&fields, "/do", scope).map(|values| Task::Request {
                method: *method,
                fields,
                values,
            })
        }
        Work::Conditional { .. } | Work::FanOut { .. } | Work::Delay { .. } => return None,
    };
    Some(task)
}
