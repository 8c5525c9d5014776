//! Attachments: one file of any size, for measuring throughput. Only the simulator has `size`.

use super::super::call::Call;
use super::super::errors::{ApiError, bad_argument, wit};
use super::super::reply::Reply;

/// Id of the one attachment.
pub(crate) const FILE_ID: &str = "f11e0000-0000-4000-8000-000000000001";
const DEFAULT_BYTES: usize = 64 * 1024;
/// Largest file that can be asked for.
pub(crate) const MAX_BYTES: usize = 64 * 1024 * 1024;

/// `GET …/attachments/{id}?size={bytes}`
pub(crate) fn download(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    if !id.eq_ignore_ascii_case(FILE_ID) {
        return Err(wit(
            404,
            "AttachmentNotFoundException",
            format!("TF237081: The attachment {id} does not exist."),
        ));
    }
    let bytes = call.query.count("size")?.unwrap_or(DEFAULT_BYTES);
    if bytes > MAX_BYTES {
        return Err(bad_argument(format!(
            "The size must be at most {MAX_BYTES} bytes."
        )));
    }
    Ok(Reply::filler(bytes as u64)
        .with("content-disposition", "attachment; filename=\"filler.bin\""))
}
