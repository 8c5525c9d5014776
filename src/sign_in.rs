//! Signing in: reads the token, loads user and integrations, merges metadata; the same again from storage.

use crate::error::{refuse, request};
use crate::sdk::{Auth, Sdk};
use crate::steps::Step;
use crate::value::{
    GLOBAL, Outcome, UNDEFINED, Value, fill, list, new_object, promise, t, text, throw_again,
};
use crate::{api, metadata, session, store};

/// `authenticate`: gives the promise. The same sign-in that is under way already is not begun again.
pub(crate) fn authenticate(sdk: Sdk, project: Value, token: Value, options: Value) -> Outcome {
    let auth = Auth(
        new_object()
            .set(t!("project"), project)
            .set(t!("token"), token),
    );
    let meta = options.get(t!("metadata"));
    let running = sdk.get(t!("signingIn"));
    let asked = list![auth.0, meta].json();
    if running.get(t!("asked")).same(asked) {
        return Ok(running.get(t!("promise")));
    }
    let context = list![sdk.0, new_object()];
    let begun =
        promise(sign_in(sdk, auth, meta)).then_or(Step::SignInEnded, Step::SignInBroken, context);
    sdk.set(
        t!("signingIn"),
        context
            .at(1)
            .set(t!("asked"), asked)
            .set(t!("promise"), begun),
    );
    Ok(begun)
}

/// The sign-in of the context is over.
pub(crate) fn sign_in_ended(context: Value, _: Value) -> Outcome {
    let sdk = Sdk(context.at(0));
    if sdk.get(t!("signingIn")).same(context.at(1)) {
        sdk.set(t!("signingIn"), UNDEFINED);
    }
    Ok(UNDEFINED)
}

/// The same with an error.
pub(crate) fn sign_in_broken(context: Value, cause: Value) -> Outcome {
    sign_in_ended(context, UNDEFINED)?;
    Err(throw_again(cause))
}

fn sign_in(sdk: Sdk, auth: Auth, meta: Value) -> Outcome {
    let is_given = |value: Value| value.non_empty().is_some();
    if !is_given(auth.project()) || !is_given(auth.token()) {
        return refuse(
            t!("argument_missing"),
            t!("projectId or token not specified to paragon.authenticate()"),
        );
    }
    let payload = session::read_token(auth.token())?;
    let epoch = sdk.next_epoch();
    let loaded = if session::is_expired(payload) {
        refuse(t!("token_expired"), t!("JWT token provided has expired."))
    } else {
        load(
            sdk,
            auth,
            payload.get(t!("sub")).or(payload.get(t!("id"))),
            epoch,
            meta,
        )
    };
    Ok(promise(loaded).then_or(Step::Done, Step::SignInFailed, list![sdk.0, epoch]))
}

/// Loads user and integrations at once and takes them over.
fn load(sdk: Sdk, auth: Auth, user_id: Value, epoch: Value, meta: Value) -> Outcome {
    let me = api::send_as(
        sdk,
        auth,
        api::fresh(api::call(t!("GET"), auth.path(text(t!("/sdk/me"))))),
    )?;
    let integrations = api::send_as(
        sdk,
        auth,
        api::call(t!("GET"), auth.path(text(t!("/sdk/integrations")))),
    )?;
    // Both outcomes are awaited, and the user's is looked at first.
    let both = GLOBAL.get(t!("Promise")).invoke(
        t!("allSettled"),
        list![me, integrations],
        UNDEFINED,
        UNDEFINED,
    )?;
    Ok(both.then(
        Step::StateLoaded,
        list![sdk.0, auth.0, user_id, epoch, meta],
    ))
}

/// User and integrations are here: they are taken over, unless the session changed meanwhile.
pub(crate) fn state_loaded(context: Value, both: Value) -> Outcome {
    let (sdk, auth) = (Sdk(context.at(0)), Auth(context.at(1)));
    let me = api::require_object(fulfilled(both.at(0))?, text(t!("Unable to get user Data")))?;
    let integrations = api::require_object(
        fulfilled(both.at(1))?,
        text(t!("Unable to fetch integrations")),
    )?;
    if !sdk.is_epoch(context.at(3)) {
        return refuse(
            t!("superseded"),
            t!("another call changed the session meanwhile"),
        );
    }
    sdk.set(t!("auth"), auth.0);
    sdk.set(t!("integrations"), integrations.list());
    session::take_user(sdk, context.at(2), me);
    let merging = merge_metadata(sdk, context.at(4))?;
    Ok(promise(Ok(merging)).then(Step::SignedIn, context))
}

/// The value of an outcome of `Promise.allSettled`.
fn fulfilled(outcome: Value) -> Outcome {
    if outcome.get(t!("status")).is(t!("fulfilled")) {
        return Ok(outcome.get(t!("value")));
    }
    Err(throw_again(outcome.get(t!("reason"))))
}

/// Stores what `meta` changes of the user's metadata.
fn merge_metadata(sdk: Sdk, meta: Value) -> Outcome {
    let (old, patch) = (sdk.own_user().get(t!("meta")), metadata::normalised(meta));
    if !metadata::would_change(old, patch) {
        return Ok(UNDEFINED);
    }
    Ok(patch_metadata(sdk, patch)?.then(
        Step::MetadataSaved,
        list![sdk.own_user(), old.merged(patch)],
    ))
}

/// The server has the metadata: the user object of the context gets it, too.
pub(crate) fn metadata_saved(context: Value, _: Value) -> Outcome {
    context.at(0).set(t!("meta"), context.at(1));
    Ok(UNDEFINED)
}

fn patch_metadata(sdk: Sdk, meta: Value) -> Outcome {
    let body = new_object().add(t!("meta"), meta);
    api::send(
        sdk,
        api::project_call(sdk, t!("PATCH"), text(t!("/sdk/me")), body)?,
    )
}

/// The last step of signing in.
pub(crate) fn signed_in(context: Value, _: Value) -> Outcome {
    let sdk = Sdk(context.at(0));
    store::save(sdk, Auth(context.at(1)));
    sdk.state_changed();
    Ok(UNDEFINED)
}

/// Signing in failed with `cause`: the user is signed out.
pub(crate) fn sign_in_failed(context: Value, cause: Value) -> Outcome {
    let message = fill!(
        t!("Failed to authenticate user with Paragon: {}"),
        cause.get(t!("message"))
    );
    GLOBAL
        .get(t!("console"))
        .tell(t!("warn"), message, UNDEFINED);
    let sdk = Sdk(context.at(0));
    if sdk.is_epoch(context.at(1)) {
        sdk.logout();
    }
    let fields = new_object().set(t!("cause"), cause);
    for key in [
        t!("status"),
        t!("code"),
        t!("requestId"),
        t!("retryAfter"),
        t!("body"),
    ] {
        fields.add(key, cause.get(key));
    }
    Err(request(message, fields))
}

/// `setUserMetadata`: stores `meta` and loads the user again; gives a copy of the user without token.
pub(crate) fn set_metadata(sdk: Sdk, meta: Value) -> Outcome {
    let auth = sdk.auth()?;
    let context = list![
        sdk.0,
        auth.0,
        sdk.own_user().get(t!("userId")),
        sdk.get(t!("epoch"))
    ];
    Ok(patch_metadata(sdk, meta)?.then(Step::MetadataPatched, context))
}

/// The server has the metadata: everything is loaded again.
pub(crate) fn metadata_patched(context: Value, _: Value) -> Outcome {
    let (sdk, auth) = (Sdk(context.at(0)), Auth(context.at(1)));
    let loaded = load(sdk, auth, context.at(2), context.at(3), UNDEFINED)?;
    Ok(loaded.then(Step::UserShown, sdk.0))
}

/// A copy of the user of the instance `context`.
pub(crate) fn user_shown(context: Value, _: Value) -> Outcome {
    Ok(Sdk(context).user())
}

/// Nothing.
pub(crate) fn done(_: Value, _: Value) -> Outcome {
    Ok(UNDEFINED)
}

/// Loads the user again after the proxy refused the token or the credential; gives the promise.
pub(crate) fn refresh_user(sdk: Sdk) -> Outcome {
    let auth = sdk.auth()?;
    let me = api::send_as(
        sdk,
        auth,
        api::fresh(api::call(t!("GET"), auth.path(text(t!("/sdk/me"))))),
    )?;
    Ok(me.then(Step::UserRefreshed, list![sdk.0, auth.0]))
}

/// The user is here again: taken over, unless another one signed in.
pub(crate) fn user_refreshed(context: Value, me: Value) -> Outcome {
    let sdk = Sdk(context.at(0));
    if me.is_object() && sdk.get(t!("auth")).same(context.at(1)) {
        session::take_user(sdk, sdk.own_user().get(t!("userId")), me);
    }
    Ok(UNDEFINED)
}

/// Signs in again from storage, if the app asked for persistence and an entry is there.
pub(crate) fn restore(sdk: Sdk) {
    let Some(auth) = store::load(sdk) else {
        return;
    };
    let is_good = session::read_token(auth.token()).map(|payload| !session::is_expired(payload));
    if !is_good.unwrap_or_else(|thrown| thrown.swallow().is_true()) {
        return store::remove(sdk);
    }
    // A failed restore was warned about and leaves a signed-out user: nobody waits for it.
    let begun = authenticate(sdk, auth.project(), auth.token(), UNDEFINED);
    promise(begun).then_or(Step::Done, Step::Done, UNDEFINED);
}
