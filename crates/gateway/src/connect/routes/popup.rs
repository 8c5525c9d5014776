//! `/connect/*`: the popup's own pages and their data. Only the gateway's own pages may post here.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{NoContent, Response};
use axum_extra::extract::CookieJar;
use http::header::ORIGIN;
use http::{HeaderMap, StatusCode};
use paragon_wire::ErrorCode;
use schemars::JsonSchema;
use serde::Deserialize;

use super::callback::FlowCookies;
use crate::connect::{Choice, Departure, PageData};
use crate::error::{ApiError, ApiResult};
use crate::http::answers::With;
use crate::http::client_address::{ClientAddress, Counted};
use crate::http::json::JsonBody;
use crate::state::App;
use crate::{connect, pages};

/// `GET /connect/start`: the popup's first page.
pub async fn start(counted: Result<Counted, ApiError>) -> Response {
    match counted {
        Ok(Counted) => pages::files::popup(&PageData::Start, StatusCode::OK),
        Err(error) => pages::files::popup_error(&error),
    }
}

/// Body of `POST /connect/ticket`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Ticket {
    ticket: String,
    /// Organization that the page's address names.
    #[serde(default)]
    organization: Option<String>,
}

/// `POST /connect/ticket`: uses a ticket up and binds the flow to this browser.
pub async fn ticket(
    State(app): State<Arc<App>>,
    _: Counted,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    jar: CookieJar,
    JsonBody(body): JsonBody<Ticket>,
) -> ApiResult<With<CookieJar, Json<connect::Redeemed>>> {
    own_page(&app, &headers)?;
    let named = body.organization.as_deref();
    let redeemed = connect::redeem(&app, &body.ticket, named, &address).await?;
    let cookie = app.cookies.make(
        app.cookies.flow_name(&redeemed.flow),
        redeemed.binding.clone(),
    );
    Ok(With(jar.add(cookie), Json(redeemed)))
}

/// Body of `POST /connect/organizations`: one of the three.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Chosen {
    flow: String,
    /// One of those that were found.
    #[serde(default)]
    organization: Option<String>,
    /// Several of them.
    #[serde(default)]
    organizations: Vec<String>,
    /// Any other, by its name or a URL of it.
    #[serde(default)]
    named: Option<String>,
}

/// `POST /connect/organizations`: the user picked or named one.
pub async fn organizations(
    State(app): State<Arc<App>>,
    _: Counted,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    jar: CookieJar,
    JsonBody(body): JsonBody<Chosen>,
) -> ApiResult<Json<PageData>> {
    own_page(&app, &headers)?;
    let flow = connect::bound_flow(
        &app,
        &FlowCookies {
            app: &app,
            jar: &jar,
        },
        &body.flow,
    )
    .await?;
    let choice = match body.named {
        Some(text) => Choice::Named { text, address },
        None => Choice::Found(
            body.organization
                .into_iter()
                .chain(body.organizations)
                .collect(),
        ),
    };
    connect::choose_organization(&app, &flow, choice)
        .await
        .map(Json)
}

/// Body of `POST /connect/departure`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Leaving {
    flow: String,
    how: Departure,
}

/// `POST /connect/departure`: the browser leaves a gateway page (sent by `navigator.sendBeacon`).
pub async fn departure(
    State(app): State<Arc<App>>,
    _: Counted,
    headers: HeaderMap,
    jar: CookieJar,
    JsonBody(body): JsonBody<Leaving>,
) -> ApiResult<NoContent> {
    own_page(&app, &headers)?;
    let cookies = FlowCookies {
        app: &app,
        jar: &jar,
    };
    let flow = connect::bound_flow(&app, &cookies, &body.flow).await?;
    connect::departed(&app, flow, body.how).await?;
    Ok(NoContent)
}

/// A forged post from another site names another origin, or none.
fn own_page(app: &App, headers: &HeaderMap) -> ApiResult<()> {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    if origin == Some(app.public_origin().as_str()) {
        return Ok(());
    }
    Err(ApiError::new(
        ErrorCode::OriginNotAllowed,
        "only the gateway's own pages can send this request",
    ))
}
