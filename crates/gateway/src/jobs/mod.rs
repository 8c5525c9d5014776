//! What the gateway does of itself, in the background.

pub mod background;
pub mod supervisor;
pub mod waiting_work;
