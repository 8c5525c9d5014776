//! Attachments: files that were uploaded, and one of any size for measuring throughput. Only the simulator has `size`.

use axum::body::Bytes;
use serde_json::json;
use uuid::Uuid;

use super::super::call::Call;
use super::super::errors::{ApiError, bad_argument, not_simulated, vss, wit};
use super::super::model::Attachment;
use super::super::reply::Reply;

/// Id of the attachment of any size.
pub(crate) const FILE_ID: &str = "f11e0000-0000-4000-8000-000000000001";
const DEFAULT_BYTES: usize = 64 * 1024;
/// Largest file that can be asked for.
pub(crate) const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Largest file that can be uploaded in one request.
///
/// Source: <https://learn.microsoft.com/azure/devops/organizations/settings/work/object-limits>
pub(crate) const MAX_UPLOAD: usize = 60 * 1024 * 1024;
/// Bytes of uploaded files that an organization keeps here; the oldest go first.
const MAX_KEPT: usize = 128 * 1024 * 1024;

/// `POST …/attachments?fileName={name}`
pub(crate) fn upload(call: &Call<'_>) -> Result<Reply, ApiError> {
    let kind = call.query.get("uploadtype").unwrap_or("simple");
    if !kind.eq_ignore_ascii_case("simple") {
        return Err(not_simulated("An upload in chunks"));
    }
    call.need_content_type(&["application/octet-stream"])?;
    if call.body.len() > MAX_UPLOAD {
        let text = format!("TF237082: The file is larger than the limit of {MAX_UPLOAD} bytes.");
        return Err(vss(413, "AttachmentExceedsMaxSizeException", text));
    }
    let id = call.inner.random_uuid();
    let name = call.query.get("filename").unwrap_or("file").to_owned();
    let mut state = call.inner.write();
    call.project(call.organization(&state)?)?;
    let files = &mut call.organization_mut(&mut state)?.attachments;
    files.push(Attachment {
        id,
        name: name.clone(),
        bytes: Bytes::copy_from_slice(call.body),
    });
    while files.iter().map(|file| file.bytes.len()).sum::<usize>() > MAX_KEPT {
        files.remove(0);
    }
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let url = call.url(&format!("/_apis/wit/attachments/{id}?fileName={name}"));
    Ok(Reply::ok(json!({ "id": id, "url": url })))
}

/// `GET …/attachments/{id}`
pub(crate) fn download(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    if id.eq_ignore_ascii_case(FILE_ID) {
        return filler(call);
    }
    let state = call.inner.read();
    let organization = call.organization(&state)?;
    call.project(organization)?;
    let wanted = Uuid::try_parse(id).ok();
    let file = organization
        .attachments
        .iter()
        .find(|file| Some(file.id) == wanted)
        .ok_or_else(|| {
            wit(
                404,
                "AttachmentNotFoundException",
                format!("TF237081: The attachment {id} does not exist."),
            )
        })?;
    let name = call.query.get("filename").unwrap_or(&file.name);
    let encoded: String =
        percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string();
    Ok(Reply::bytes(file.bytes.clone()).with(
        "content-disposition",
        &format!("attachment; filename*=UTF-8''{encoded}"),
    ))
}

fn filler(call: &Call<'_>) -> Result<Reply, ApiError> {
    let bytes = call.query.count("size")?.unwrap_or(DEFAULT_BYTES);
    if bytes > MAX_BYTES {
        return Err(bad_argument(format!(
            "The size must be at most {MAX_BYTES} bytes."
        )));
    }
    Ok(Reply::filler(bytes as u64)
        .with("content-disposition", "attachment; filename=\"filler.bin\""))
}
