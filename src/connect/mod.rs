//! Connecting an account: the portal, the popup, the flow.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::sdk::Sdk;

/// Portal and running flows of one instance.
#[derive(Default)]
pub(crate) struct Connect {
    owner: RefCell<Weak<Sdk>>,
}

impl Connect {
    /// Remembers the instance, for event handlers that outlive a call.
    pub(crate) fn set_owner(&self, sdk: &Rc<Sdk>) {
        *self.owner.borrow_mut() = Rc::downgrade(sdk);
    }

    /// Sends the state to the portal, if it is there.
    pub(crate) fn portal_update(&self, _sdk: &Sdk) {}

    /// Points the portal at newly configured services.
    pub(crate) fn reset_portal(&self) {}
}
