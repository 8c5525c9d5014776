//! The connect flow as a pure state machine: `(Flow, Event) -> Vec<Action>`.
//!
//! Only the server's record, a cancel, the app's timeout or a blocked popup end a flow. A window that looks closed and
//! every window message merely make the SDK ask the server.

use paragon_wire::flow::{FlowStatus, FlowUpdate};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// `window.open` gave a window, or was blocked.
    Opened(bool),
    /// The server reports the flow's state.
    Update(FlowUpdate),
    /// The server refused to register or to report the flow.
    Refused {
        /// Flow the refused request was about.
        flow: String,
        /// Error code.
        code: String,
        /// Text for a person.
        message: String,
    },
    /// The popup's start page asks whether it may go on; source and origin were checked.
    Hello {
        /// Flow named in the message.
        flow: String,
    },
    /// The popup's last page says that it is done.
    Done {
        /// Flow named in the message.
        flow: String,
    },
    /// Whether the popup looks closed. Sign-in pages can make an open one look so.
    LooksClosed(bool),
    /// The user or the app wants to stop.
    Cancel,
    /// The app's time limit has passed.
    TimeLimit,
    /// The page goes away, while the popup may be about to finish.
    Left,
    /// The user asked for a new window, which got a flow id of its own.
    Reopened {
        /// The new flow.
        flow: String,
        /// Whether the window was opened.
        opened: bool,
    },
}

/// What is to be done, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Register the flow with the server and follow it.
    Register,
    /// Tell the popup to go on.
    Go,
    /// Ask the server for the state now.
    Ask,
    /// Tell app and portal where the flow stands.
    Report,
    /// Close the popup.
    ClosePopup,
    /// Tell the server that this flow is no longer wanted.
    Withdraw(String),
    /// The flow is over.
    Settle(Ending),
}

/// How a flow ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The account is connected.
    Connected {
        /// The new credential.
        credential_id: String,
    },
    /// The server says it failed.
    Failed {
        /// Error code.
        code: String,
        /// Text for a person.
        message: String,
    },
    /// The user or the app stopped it.
    Cancelled,
    /// It took too long.
    TimedOut,
    /// The browser refused to open the popup.
    Blocked,
}

/// One connect flow, seen from the app's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flow {
    id: String,
    version: Option<u32>,
    status: FlowStatus,
    looks_closed: bool,
    is_blocked: bool,
    is_settled: bool,
}

impl Flow {
    /// A flow whose popup is about to be opened.
    pub(crate) fn new(id: String) -> Self {
        Self {
            id,
            version: None,
            status: FlowStatus::Pending,
            looks_closed: false,
            is_blocked: false,
            is_settled: false,
        }
    }

    /// Present flow id; another one after each reopening.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Highest version the server reported.
    pub(crate) fn version(&self) -> Option<u32> {
        self.version
    }

    /// Last reported status.
    pub(crate) fn status(&self) -> FlowStatus {
        self.status
    }

    /// Whether the popup looks closed.
    pub(crate) fn looks_closed(&self) -> bool {
        self.looks_closed
    }

    /// Whether the last window was blocked.
    pub(crate) fn is_blocked(&self) -> bool {
        self.is_blocked
    }

    /// Whether the flow is over.
    #[cfg(test)]
    pub(crate) fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// Takes in `event`; gives what is to be done.
    pub(crate) fn handle(&mut self, event: Event) -> Vec<Action> {
        if self.is_settled {
            return Vec::new();
        }
        match event {
            Event::Opened(true) => vec![Action::Register, Action::Report],
            Event::Opened(false) => {
                self.is_blocked = true;
                self.settle(Ending::Blocked, Vec::new())
            }
            Event::Update(update) => self.update(update),
            Event::Refused {
                flow,
                code,
                message,
            } if flow == self.id => {
                self.status = FlowStatus::Failed;
                self.settle(Ending::Failed { code, message }, vec![Action::ClosePopup])
            }
            Event::Hello { flow } if flow == self.id => vec![Action::Go],
            Event::Done { flow } if flow == self.id => vec![Action::Ask],
            Event::Refused { .. } | Event::Hello { .. } | Event::Done { .. } => Vec::new(),
            Event::LooksClosed(closed) => self.popup_changed(closed),
            Event::Cancel => self.stop(FlowStatus::Cancelled, Ending::Cancelled),
            Event::TimeLimit => self.stop(FlowStatus::Expired, Ending::TimedOut),
            Event::Left => {
                self.status = FlowStatus::Cancelled;
                self.settle(Ending::Cancelled, Vec::new())
            }
            Event::Reopened { flow, opened } => self.reopened(flow, opened),
        }
    }

    fn update(&mut self, update: FlowUpdate) -> Vec<Action> {
        if update.id != self.id || self.version.is_some_and(|seen| update.version <= seen) {
            return Vec::new();
        }
        self.version = Some(update.version);
        self.status = update.status;
        match ending_of(update) {
            // The popup's page says what happened and what to do: the user closes it when it was read.
            Some(ending @ Ending::Failed { .. }) => self.settle(ending, Vec::new()),
            Some(ending) => self.settle(ending, vec![Action::ClosePopup]),
            None => vec![Action::Report],
        }
    }

    fn popup_changed(&mut self, closed: bool) -> Vec<Action> {
        if closed == self.looks_closed {
            return Vec::new();
        }
        self.looks_closed = closed;
        if closed {
            vec![Action::Report, Action::Ask]
        } else {
            vec![Action::Report]
        }
    }

    fn reopened(&mut self, flow: String, opened: bool) -> Vec<Action> {
        self.is_blocked = !opened;
        if !opened {
            return vec![Action::Report];
        }
        let old = std::mem::replace(&mut self.id, flow);
        self.version = None;
        self.status = FlowStatus::Pending;
        self.looks_closed = false;
        vec![Action::Withdraw(old), Action::Register, Action::Report]
    }

    fn stop(&mut self, status: FlowStatus, ending: Ending) -> Vec<Action> {
        self.status = status;
        let withdraw = Action::Withdraw(self.id.clone());
        self.settle(ending, vec![withdraw, Action::ClosePopup])
    }

    fn settle(&mut self, ending: Ending, mut actions: Vec<Action>) -> Vec<Action> {
        self.is_settled = true;
        actions.push(Action::Report);
        actions.push(Action::Settle(ending));
        actions
    }
}

/// The ending that a reported state means, if it is final.
fn ending_of(update: FlowUpdate) -> Option<Ending> {
    let failed = |code: &str, message: &str| Ending::Failed {
        code: code.to_owned(),
        message: message.to_owned(),
    };
    match update.status {
        FlowStatus::Pending
        | FlowStatus::Opened
        | FlowStatus::Provider
        | FlowStatus::Organization => None,
        FlowStatus::Connected => Some(match update.credential_id {
            Some(credential_id) => Ending::Connected { credential_id },
            None => failed("internal", "the server named no credential"),
        }),
        FlowStatus::Failed => Some(match update.error {
            Some(error) => Ending::Failed {
                code: error.code,
                message: error.message,
            },
            None => failed("internal", "the connection failed"),
        }),
        FlowStatus::Cancelled => Some(Ending::Cancelled),
        FlowStatus::Expired => Some(Ending::TimedOut),
    }
}

#[cfg(test)]
mod tests;
