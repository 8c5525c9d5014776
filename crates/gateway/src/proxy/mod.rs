//! The proxy: egress, headers, streaming.
