//! What no path may hold, whichever host it is for.
//!
//! The provider's servers decode escapes, take `\` for `/` and fold dot segments. So a path is looked at as it stands,
//! decoded once and decoded again, and then sent exactly as it came.

use super::RoutingError;

/// How many leading segments decide where a path leads (`/{project}/{team}/_apis`).
const DECIDING_SEGMENTS: usize = 3;

/// Refuses control characters, backslashes, fragments, bad escapes and dot segments.
///
/// `path_and_query` is the text as it came on the wire, with or without a leading scheme and host.
pub(crate) fn check(path_and_query: &str) -> Result<(), RoutingError> {
    if path_and_query.chars().any(char::is_control) {
        return Err(RoutingError::ControlCharacter);
    }
    if path_and_query.contains('\\') {
        return Err(RoutingError::Backslash);
    }
    if path_and_query.contains('#') {
        return Err(RoutingError::Fragment);
    }
    if !path_and_query.is_ascii() {
        return Err(RoutingError::NotAscii);
    }
    check_path(split_query(path_and_query).0)
}

/// Path and, after `?`, the query.
pub(crate) fn split_query(path_and_query: &str) -> (&str, Option<&str>) {
    match path_and_query.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path_and_query, None),
    }
}

fn check_path(path: &str) -> Result<(), RoutingError> {
    let once = decode_strictly(path)?;
    let twice = decode(&once);
    // Dots and slashes that stand raw or escaped once are still there after the second decoding.
    refuse_dot_segments(&twice)?;
    if once.iter().chain(&twice).any(u8::is_ascii_control) {
        return Err(RoutingError::ControlCharacter);
    }
    if std::str::from_utf8(&once).is_err() || has_overlong(&twice) {
        return Err(RoutingError::BadEncoding);
    }
    Ok(())
}

/// Refuses a slash hidden by an escape in the segments that decide where `path` leads.
///
/// `leading` is the number of segments in front of those (the organization).
pub(crate) fn check_slashes(path: &str, leading: usize) -> Result<(), RoutingError> {
    let segments = path.strip_prefix('/').unwrap_or(path).split('/');
    for segment in segments.take(leading + DECIDING_SEGMENTS) {
        let once = decode(segment.as_bytes());
        if once.contains(&b'/') || decode(&once).contains(&b'/') {
            return Err(RoutingError::EncodedSlash);
        }
    }
    Ok(())
}

/// Whether `segment`, decoded once or again, begins with an underscore.
pub(crate) fn begins_with_underscore(segment: &str) -> bool {
    let once = decode(segment.as_bytes());
    once.starts_with(b"_") || decode(&once).starts_with(b"_")
}

/// Segments of `path` decoded once, for comparing with known names; invalid bytes are replaced.
pub fn decoded_segments(path: &str) -> Vec<String> {
    let text = |segment: &str| String::from_utf8_lossy(&decode(segment.as_bytes())).into_owned();
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(text)
        .collect()
}

fn decode(bytes: &[u8]) -> Vec<u8> {
    percent_encoding::percent_decode(bytes).collect()
}

fn decode_strictly(path: &str) -> Result<Vec<u8>, RoutingError> {
    let mut rest = path.as_bytes();
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        match rest.get(at + 1..at + 3) {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => rest = &rest[at + 3..],
            _ => return Err(RoutingError::BadEncoding),
        }
    }
    Ok(decode(path.as_bytes()))
}

fn refuse_dot_segments(path: &[u8]) -> Result<(), RoutingError> {
    let is_slash = |byte: &u8| matches!(byte, b'/' | b'\\');
    if path.split(is_slash).any(is_dot_segment) {
        Err(RoutingError::DotSegment)
    } else {
        Ok(())
    }
}

/// `.` or `..`, also with blanks around it or `;parameters` behind it, which some servers take away.
fn is_dot_segment(segment: &[u8]) -> bool {
    let name = segment
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    matches!(name.trim_ascii(), b"." | b"..")
}

/// Whether UTF-8 is written with more bytes than needed, the old way to hide a dot or a slash.
fn has_overlong(bytes: &[u8]) -> bool {
    let pair = |pair: &[u8]| match pair {
        [0xC0 | 0xC1, 0x80..=0xBF] => true,
        [0xE0, second] => (0x80..0xA0).contains(second),
        [0xF0, second] => (0x80..0x90).contains(second),
        _ => false,
    };
    bytes.windows(2).any(pair)
}
