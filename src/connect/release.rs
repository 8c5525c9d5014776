//! Letting go of the page: when the user signs out, the services change, or the page goes away.

use crate::events;
use crate::sdk::Sdk;

impl Sdk {
    /// Ends the running sign-in, the portal and every `connect` that waits. The server hears of it.
    pub(crate) fn release(&self) {
        self.connect.cancel_flow();
        self.let_go();
    }

    /// The same for a page that goes away, but for the sign-in itself: it may be about to finish in its popup, and a
    /// reload must not undo that.
    pub(crate) fn page_hidden(&self) {
        self.connect.leave_flow();
        self.let_go();
    }

    fn let_go(&self) {
        let portal = &self.connect.portal;
        if portal.closed() {
            self.portal_event(events::PORTAL_CLOSE, "onClose");
        }
        portal.show_nothing();
        portal.detach();
        self.connect.settle_all();
    }
}
