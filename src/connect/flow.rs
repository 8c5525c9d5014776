//! The connect flow as a pure state machine: what happened in, what is to be done out.
//!
//! Only the server's record, a cancel, the app's timeout, a page that goes away or a blocked popup end a flow. A window
//! that looks closed and every window message merely make the SDK ask the server. Events are of the present flow:
//! what says another id, or an old version, is left out before it comes here.

use paragon_wire::flow::FlowStatus;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// `window.open` gave a window, or was blocked.
    Opened(bool),
    /// The server reports a new state of the flow.
    Update {
        /// Where the flow stands.
        status: FlowStatus,
        /// Whether the report names a credential.
        has_credential: bool,
    },
    /// The server refused to register or to report the flow.
    Refused,
    /// The popup's start page asks whether it may go on; source and origin were checked.
    Hello,
    /// The popup's last page says that it is done.
    Done,
    /// Whether the popup looks closed. Sign-in pages can make an open one look so.
    LooksClosed(bool),
    /// The user or the app wants to stop.
    Cancel,
    /// The page goes away: what the popup does is not its business any more.
    Leave,
    /// The app's time limit has passed.
    TimeLimit,
    /// The user asked for a new window, which gets a flow of its own; whether it was opened.
    Reopened(bool),
}

/// What is to be done, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Tell the server that the flow (after a reopening the one before it) is no longer wanted.
    Withdraw,
    /// The flow is over.
    Settle(Ending),
}

/// How a flow ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The account is connected.
    Connected,
    /// The server says it failed.
    Failed,
    /// The user or the app stopped it.
    Cancelled,
    /// It took too long.
    TimedOut,
    /// The browser refused to open the popup.
    Blocked,
}

/// One connect flow, seen from the app's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flow {
    /// Where it stands.
    pub(crate) status: FlowStatus,
    /// Whether the popup looks closed.
    pub(crate) looks_closed: bool,
    /// Whether the last window was blocked.
    pub(crate) is_blocked: bool,
    /// Whether the flow is over.
    pub(crate) is_settled: bool,
}

impl Flow {
    /// A flow that nothing has happened to.
    pub(crate) fn new() -> Self {
        Self {
            status: FlowStatus::Pending,
            looks_closed: false,
            is_blocked: false,
            is_settled: false,
        }
    }

    /// Takes in `event`; gives what is to be done.
    pub(crate) fn handle(&mut self, event: Event) -> &'static [Action] {
        if self.is_settled {
            return &[];
        }
        let actions = self.react(event);
        self.is_settled = matches!(actions.last(), Some(Action::Settle(_)));
        actions
    }

    fn react(&mut self, event: Event) -> &'static [Action] {
        use Action::{Ask, ClosePopup, Go, Register, Report, Settle, Withdraw};
        match event {
            Event::Opened(true) => &[Register, Report],
            Event::Opened(false) => {
                self.is_blocked = true;
                &[Report, Settle(Ending::Blocked)]
            }
            Event::Update {
                status,
                has_credential,
            } => {
                self.status = status;
                match status {
                    FlowStatus::Pending
                    | FlowStatus::Opened
                    | FlowStatus::Provider
                    | FlowStatus::Organization => &[Report],
                    FlowStatus::Connected if has_credential => {
                        &[ClosePopup, Report, Settle(Ending::Connected)]
                    }
                    // The popup's page says what happened and what to do: the user closes it when it was read.
                    FlowStatus::Connected | FlowStatus::Failed => &[Report, Settle(Ending::Failed)],
                    FlowStatus::Cancelled => &[ClosePopup, Report, Settle(Ending::Cancelled)],
                    FlowStatus::Expired => &[ClosePopup, Report, Settle(Ending::TimedOut)],
                }
            }
            Event::Refused => {
                self.status = FlowStatus::Failed;
                &[ClosePopup, Report, Settle(Ending::Failed)]
            }
            Event::Hello => &[Go],
            Event::Done => &[Ask],
            Event::LooksClosed(closed) if closed == self.looks_closed => &[],
            Event::LooksClosed(closed) => {
                self.looks_closed = closed;
                if closed { &[Report, Ask] } else { &[Report] }
            }
            Event::Cancel => {
                self.status = FlowStatus::Cancelled;
                &[Withdraw, ClosePopup, Report, Settle(Ending::Cancelled)]
            }
            Event::Leave => {
                self.status = FlowStatus::Cancelled;
                &[Report, Settle(Ending::Cancelled)]
            }
            Event::TimeLimit => {
                self.status = FlowStatus::Expired;
                &[Withdraw, ClosePopup, Report, Settle(Ending::TimedOut)]
            }
            Event::Reopened(opened) => {
                self.is_blocked = !opened;
                if !opened {
                    return &[Report];
                }
                self.status = FlowStatus::Pending;
                self.looks_closed = false;
                &[Withdraw, Register, Report]
            }
        }
    }
}

#[cfg(test)]
mod tests;
