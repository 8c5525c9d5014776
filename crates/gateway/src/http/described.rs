//! What each extractor adds to the description of the routes that use it.

use aide::generate::GenContext;
use aide::openapi::{
    HeaderStyle, MediaType, Operation, Parameter, ParameterData, ParameterSchemaOrContent,
    QueryStyle, ReferenceOr, RequestBody, SchemaObject,
};
use aide::{OperationInput, OperationOutput as _};
use paragon_wire::header;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, json_schema};

use super::client_address::{ClientAddress, Counted};
use super::json::{AnyJson, JsonBody};
use super::project::ProjectInPath;
use super::query::QueryOf;
use crate::error::ApiError;
use crate::identity::caller::{Caller, Selection};
use crate::operators::Operator;

/// Name of the scheme for end users.
pub const USER_TOKEN: &str = "userToken";
/// Name of the scheme for operators.
pub const OPERATOR_SESSION: &str = "operatorSession";

/// Settings of schemas in the document.
pub fn settings() -> SchemaSettings {
    SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    })
}

/// The schema of what is read: a member with a default may be left out, which in an answer it may not.
fn schema_of_input<T: JsonSchema>(context: &mut GenContext) -> Schema {
    let mut generator = settings().for_deserialize().into_generator();
    let schema = generator.subschema_for::<T>();
    for (name, definition) in generator.take_definitions(true) {
        context
            .schema
            .definitions_mut()
            .entry(name)
            .or_insert(definition);
    }
    schema
}

fn described(json_schema: Schema) -> SchemaObject {
    SchemaObject {
        json_schema,
        external_docs: None,
        example: None,
    }
}

fn set_body(operation: &mut Operation, schema: Schema) {
    let json = MediaType {
        schema: Some(described(schema)),
        ..MediaType::default()
    };
    operation.request_body = Some(ReferenceOr::Item(RequestBody {
        content: [("application/json".to_owned(), json)]
            .into_iter()
            .collect(),
        ..RequestBody::default()
    }));
}

fn parameter(name: &str, schema: Schema, required: bool) -> ParameterData {
    let description = schema.get("description");
    #[expect(
        clippy::default_trait_access,
        reason = "of a crate that only aide depends on"
    )]
    ParameterData {
        name: name.to_owned(),
        description: description
            .and_then(|text| text.as_str())
            .map(str::to_owned),
        required,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(described(schema)),
        example: None,
        examples: Default::default(),
        explode: None,
        extensions: Default::default(),
    }
}

fn secure(operation: &mut Operation, scheme: &str) {
    let requirement = [(scheme.to_owned(), Vec::new())].into_iter().collect();
    operation.security.push(requirement);
}

/// A caller who is refused gets an error, also of a handler that has none of its own.
fn refuse(context: &mut GenContext, operation: &mut Operation) {
    let error = ApiError::operation_response(context, operation);
    let responses = operation.responses.get_or_insert_default();
    responses.default = error.map(ReferenceOr::Item);
}

impl<T: JsonSchema> OperationInput for JsonBody<T> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let schema = schema_of_input::<T>(context);
        set_body(operation, schema);
    }
}

impl OperationInput for AnyJson {
    fn operation_input(_context: &mut GenContext, operation: &mut Operation) {
        set_body(operation, Schema::from(true));
    }
}

impl<T: JsonSchema> OperationInput for QueryOf<T> {
    fn operation_input(_context: &mut GenContext, operation: &mut Operation) {
        let settings = settings()
            .with(|settings| settings.inline_subschemas = true)
            .for_deserialize();
        let schema = settings.into_generator().into_root_schema_for::<T>();
        let members = schema.get("properties").and_then(|all| all.as_object());
        let required = schema.get("required").and_then(|all| all.as_array());
        for (name, member) in members.into_iter().flatten() {
            let is_required = required.is_some_and(|all| all.iter().any(|one| one == name));
            let member = Schema::try_from(member.clone()).unwrap_or_default();
            operation
                .parameters
                .push(ReferenceOr::Item(Parameter::Query {
                    parameter_data: parameter(name, without_null(member), is_required),
                    allow_reserved: false,
                    style: QueryStyle::Form,
                    allow_empty_value: None,
                }));
        }
    }
}

/// A query has no null: a parameter is there or not.
fn without_null(mut schema: Schema) -> Schema {
    if let Some(kinds) = schema
        .get_mut("type")
        .and_then(|kinds| kinds.as_array_mut())
    {
        kinds.retain(|kind| kind != "null");
    }
    schema
}

impl OperationInput for ProjectInPath {}

impl OperationInput for ClientAddress {}

impl OperationInput for Counted {}

impl OperationInput for Caller {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        secure(operation, USER_TOKEN);
        refuse(context, operation);
    }
}

impl OperationInput for Operator {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        secure(operation, OPERATOR_SESSION);
        refuse(context, operation);
    }
}

impl OperationInput for Selection {
    fn operation_input(_context: &mut GenContext, operation: &mut Operation) {
        let names = [
            (
                header::CREDENTIAL,
                "The account: its ID, or its external ID.",
            ),
            (
                header::CONFIGURATION,
                "The configuration of the account: its ID, or its external ID.",
            ),
        ];
        for (name, text) in names {
            let schema = json_schema!({ "type": "string", "description": text });
            operation
                .parameters
                .push(ReferenceOr::Item(Parameter::Header {
                    parameter_data: parameter(name, schema, false),
                    style: HeaderStyle::Simple,
                }));
        }
    }
}
