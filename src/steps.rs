//! What the core goes on with when a promise settles, a timer ends or the app calls a function that it was given.
//!
//! The core has no futures: the engine has promises, and keeps between two steps what both need, in the step's context.

use crate::value::{Outcome, Value};

/// Each step's name and function, which gets the step's context and the value that it waited for.
macro_rules! steps {
    ($($name:ident => $run:path,)*) => {
        /// A function that JavaScript calls later.
        #[derive(Clone, Copy)]
        #[repr(i32)]
        pub(crate) enum Step {
            $(
                #[doc = concat!("[`", stringify!($run), "`]")]
                $name,
            )*
        }

        const STEPS: &[fn(Value, Value) -> Outcome] = &[$($run,)*];
    };
}

steps! {
    ApiAnswered => crate::api::answered,

    // Signing in and requests.
    Done => crate::sign_in::done,
    MetadataPatched => crate::sign_in::metadata_patched,
    MetadataSaved => crate::sign_in::metadata_saved,
    RequestError => crate::request::error,
    RequestErrorShown => crate::request::error_shown,
    RequestFailed => crate::request::wait,
    RequestRefused => crate::request::refused,
    SignInBroken => crate::sign_in::sign_in_broken,
    SignInEnded => crate::sign_in::sign_in_ended,
    SignInFailed => crate::sign_in::sign_in_failed,
    SignedIn => crate::sign_in::signed_in,
    StateLoaded => crate::sign_in::state_loaded,
    Unsubscribed => crate::events::unsubscribed,
    UserRefreshed => crate::sign_in::user_refreshed,
    UserShown => crate::sign_in::user_shown,

    // Connecting: the flow.
    CancelAsked => crate::connect::attempt::cancel_asked,
    CloudConnected => crate::connect::cloud::connected,
    CloudRefused => crate::connect::cloud::credential_refused,
    ConnectRefused => crate::connect::attempt::refused,
    FlowAnnounced => crate::connect::gateway::announced,
    FlowRefused => crate::connect::gateway::flow_refused,
    FlowRegistered => crate::connect::gateway::registered,
    FlowReported => crate::connect::gateway::reported,
    FollowingEnded => crate::connect::gateway::following_ended,
    FollowingFailed => crate::connect::gateway::following_failed,
    FollowingWaited => crate::connect::gateway::follow,
    PopupSaid => crate::connect::attempt::heard,
    PopupWatched => crate::connect::attempt::popup_watched,
    RedirectAsked => crate::connect::redirect::asked,
    RedirectRegistered => crate::connect::redirect::registered,
    ReopenAsked => crate::connect::attempt::reopen_asked,
    SessionAnswered => crate::connect::cloud::session_answered,
    SessionWaited => crate::connect::cloud::session_waited,
    TimeLimitPassed => crate::connect::attempt::time_limit_passed,
    UrlBuilt => crate::connect::cloud::url_built,

    // Connecting: portal, installing, removing.
    AnswerRefused => crate::connect::methods::answer_refused,
    AnswerStored => crate::connect::methods::answer_stored,
    ConnectAborted => crate::connect::aborted,
    ConnectFailed => crate::connect::install::connect_failed,
    ConnectRetried => crate::connect::install::retried,
    CredentialCreated => crate::connect::installed::created,
    CredentialLoaded => crate::connect::installed::loaded,
    FlowConnected => crate::connect::install::flow_connected,
    FlowFailed => crate::connect::install::flow_failed,
    OAuthFlowRetried => crate::connect::install::oauth_flow_retried,
    InstallCompleted => crate::connect::complete::completed,
    PageSaid => crate::connect::page_said,
    PortalAnswered => crate::connect::portal::answered,
    PortalLoaded => crate::connect::portal::loaded,
    PortalRefused => crate::connect::portal::refused,
    Uninstalled => crate::connect::uninstall::uninstalled,

    // The install flow, settings, sources.
    ConfigurationCreated => crate::configurations::created,
    ConfigurationDestroyed => crate::configurations::destroyed,
    ConfigurationUpdated => crate::configurations::updated,
    InstallCredentialStored => crate::install_flow::steps::credential_stored,
    InstallNotRemoved => crate::install_flow::not_removed,
    InstallNotStarted => crate::install_flow::not_started,
    InstallStepEnded => crate::install_flow::steps::ended,
    InstallStepFailed => crate::install_flow::steps::failed,
    PopupRetried => crate::install_flow::steps::popup_retried,
    InstructionFollowed => crate::install_flow::instruction_followed,
    ObjectAnswered => crate::account::object_answered,
    OptionsAnswered => crate::sources::field_options::answered,
    OptionsLoaded => crate::sources::field_options::loaded,
    ParametersAsked => crate::sources::input_sources::parameters_asked,
    SettingsSaved => crate::settings::saved,
    ValuesMapped => crate::sources::input_sources::values_mapped,
    WorkflowNotSwitched => crate::workflow_state::not_switched,
    WorkflowSwitched => crate::workflow_state::switched,
    WorkflowSwitchedInTurn => crate::workflow_state::switched_in_turn,
}

/// Runs the step numbered `step`.
pub(crate) fn run(step: i32, context: Value, value: Value) -> Outcome {
    let run = usize::try_from(step).ok().and_then(|step| STEPS.get(step));
    run.map_or(Ok(crate::value::UNDEFINED), |run| run(context, value))
}
