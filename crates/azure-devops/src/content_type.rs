//! Content type of a body whose sender left the choice to the gateway.
//!
//! The reference SDK sends `Content-Type: auto` for every body. The choice depends on the operation alone, never on the
//! body: a body that decides how it is read is a way to be misread.

use http::Method;

use super::path_guard::decoded_segments;

const JSON: &str = "application/json";
const JSON_PATCH: &str = "application/json-patch+json";
/// Raw bytes.
pub const OCTETS: &str = "application/octet-stream";

/// Content type the operation `method` on `path` (the provider's own path, without query) takes.
///
/// Work items are created and updated, and properties set, by JSON Patch; attachments are raw bytes; all else is JSON.
pub fn automatic_content_type(method: &Method, path: &str) -> &'static str {
    let operation = operation(path);
    let operation: Vec<&str> = operation.iter().map(String::as_str).collect();
    match (method.as_str(), operation.as_slice()) {
        ("POST" | "PATCH", ["wit", "workitems", item]) if *item != "$batch" => JSON_PATCH,
        ("PATCH", [.., "properties"]) => JSON_PATCH,
        ("POST" | "PUT", ["wit", "attachments", ..] | [.., "attachments", _]) => OCTETS,
        _ => JSON,
    }
}

/// Segments behind `_apis`, decoded and in lower case.
fn operation(path: &str) -> Vec<String> {
    let segments = decoded_segments(path)
        .into_iter()
        .map(|segment| segment.to_ascii_lowercase());
    segments
        .skip_while(|segment| segment != "_apis")
        .skip(1)
        .collect()
}

/// Whether the operation only reads, so that repeating it changes nothing.
pub fn only_reads(method: &Method, path: &str) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let operation = operation(path);
    let operation: Vec<&str> = operation.iter().map(String::as_str).collect();
    *method == Method::POST && matches!(operation.as_slice(), ["wit", "wiql" | "workitemsbatch"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(method: &str, path: &str) -> &'static str {
        let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
        automatic_content_type(&method, path)
    }

    #[test]
    fn work_items_are_written_by_json_patch() {
        for (method, path) in [
            ("POST", "/P/_apis/wit/workitems/$Bug"),
            ("POST", "/P/_apis/wit/workItems/%24User%20Story"),
            ("PATCH", "/_apis/wit/WorkItems/12"),
            ("PATCH", "/P/_apis/wit/workitems/12"),
            ("PATCH", "/_apis/projects/1/properties"),
            ("PATCH", "/P/_apis/build/builds/1/properties"),
        ] {
            assert_eq!(chosen(method, path), JSON_PATCH, "{method} {path}");
        }
    }

    #[test]
    fn their_neighbors_are_plain_json() {
        for (method, path) in [
            ("POST", "/P/_apis/wit/workitemsbatch"),
            ("POST", "/P/_apis/wit/wiql"),
            ("POST", "/P/_apis/wit/workItems/1/comments"),
            ("PATCH", "/P/_apis/wit/workItems/1/comments/2"),
            ("PATCH", "/_apis/wit/$batch"),
            ("PATCH", "/_apis/wit/workitems/$batch"),
            ("PATCH", "/P/_apis/wit/recyclebin/1"),
            ("PUT", "/P/_apis/wit/workitems/1"),
            ("POST", "/_apis/projects"),
            ("POST", "/wit/workitems/$Bug"),
            ("PATCH", "/P/_apis/git/repositories/r/pullrequests/1"),
            ("POST", ""),
        ] {
            assert_eq!(chosen(method, path), JSON, "{method} {path}");
        }
    }

    #[test]
    fn attachments_are_bytes() {
        assert_eq!(chosen("POST", "/P/_apis/wit/attachments"), OCTETS);
        assert_eq!(chosen("PUT", "/_apis/wit/attachments/1"), OCTETS);
        assert_eq!(
            chosen(
                "POST",
                "/P/_apis/git/repositories/r/pullRequests/1/attachments/a.txt"
            ),
            OCTETS
        );
    }

    #[test]
    fn only_documented_reads_are_repeated() {
        let reads = |method: Method, path: &str| only_reads(&method, path);
        assert!(reads(Method::GET, "/_apis/projects"));
        assert!(reads(Method::HEAD, "/x"));
        assert!(reads(Method::OPTIONS, "/_apis"));
        assert!(reads(Method::POST, "/P/T/_apis/wit/wiql"));
        assert!(reads(Method::POST, "/P/_apis/wit/workItemsBatch"));
        for (method, path) in [
            (Method::POST, "/P/_apis/wit/workitems/$Bug"),
            (Method::POST, "/P/_apis/git/wiql"),
            (Method::POST, "/wit/wiql"),
            (Method::PATCH, "/_apis/wit/wiql"),
            (Method::DELETE, "/_apis/wit/workitems/1"),
            (Method::PUT, "/_apis/x"),
            (Method::POST, "/_apis/wit/workitemsdelete"),
        ] {
            assert!(!reads(method.clone(), path), "{method} {path}");
        }
    }
}
