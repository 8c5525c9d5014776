//! Answers whose status or cookies are part of their type, so that the OpenAPI document has them.

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response as Described, StatusCode as Status};
use axum::Json;
use axum::response::{IntoResponse, IntoResponseParts, Response};
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::ApiError;

/// 201 with JSON.
#[derive(Debug)]
pub struct Created<T>(pub T);

/// 202 with JSON.
#[derive(Debug)]
pub struct Accepted<T>(pub T);

/// An answer with headers before it, such as cookies.
#[derive(Debug)]
pub struct With<H, T>(pub H, pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}

impl<T: Serialize> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        (StatusCode::ACCEPTED, Json(self.0)).into_response()
    }
}

impl<H: IntoResponseParts, T: IntoResponse> IntoResponse for With<H, T> {
    fn into_response(self) -> Response {
        (self.0, self.1).into_response()
    }
}

type Responses = Vec<(Option<Status>, Described)>;

fn json_of<T: JsonSchema>(
    context: &mut GenContext,
    operation: &mut Operation,
    status: u16,
) -> Responses {
    let described = Json::<T>::operation_response(context, operation);
    let described = described.into_iter();
    described
        .map(|one| (Some(Status::Code(status)), one))
        .collect()
}

impl<T: JsonSchema> OperationOutput for Created<T> {
    type Inner = T;

    fn inferred_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        json_of::<T>(context, operation, 201)
    }
}

impl<T: JsonSchema> OperationOutput for Accepted<T> {
    type Inner = T;

    fn inferred_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        json_of::<T>(context, operation, 202)
    }
}

impl<H, T: OperationOutput> OperationOutput for With<H, T> {
    type Inner = T::Inner;

    fn operation_response(
        context: &mut GenContext,
        operation: &mut Operation,
    ) -> Option<Described> {
        T::operation_response(context, operation)
    }

    fn inferred_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        T::inferred_responses(context, operation)
    }
}

impl OperationOutput for ApiError {
    type Inner = paragon_wire::ErrorBody;

    fn operation_response(
        context: &mut GenContext,
        operation: &mut Operation,
    ) -> Option<Described> {
        Json::<paragon_wire::ErrorBody>::operation_response(context, operation)
    }

    fn inferred_responses(context: &mut GenContext, operation: &mut Operation) -> Responses {
        let described = Self::operation_response(context, operation).into_iter();
        described.map(|one| (None, one)).collect()
    }
}
