//! The proxied path, taken out of a request's own without decoding it.

use http::Uri;

/// What stands behind the first `segments` segments of `uri`'s path, with the query, byte for byte.
///
/// Frameworks hand out decoded path parameters; routing needs the bytes as they came. For
/// `/projects/p/sdk/proxy/azuredevops/projects?a=%2F` and 5 segments this is `/projects?a=%2F`.
pub fn path_behind(uri: &Uri, segments: usize) -> &str {
    let all = uri
        .path_and_query()
        .map_or("", http::uri::PathAndQuery::as_str);
    let path = uri.path();
    let mut ends = path.match_indices('/').skip(1).map(|(at, _)| at);
    let start = segments
        .checked_sub(1)
        .map_or(Some(0), |skipped| ends.nth(skipped));
    all.get(start.unwrap_or(path.len())..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_keeps_its_bytes() {
        let prefix = "/projects/p/sdk/proxy/azuredevops";
        for rest in [
            "/projects?a=%2F",
            "",
            "/",
            "?x=/y/z",
            "//evil.example",
            "/https://dev.azure.com/contoso?u=a/b",
            "/a%2F..%2f/;p?",
        ] {
            let uri: Uri = format!("{prefix}{rest}").parse().unwrap_or_default();
            assert_eq!(path_behind(&uri, 5), rest);
        }
    }

    #[test]
    fn short_paths_give_nothing() {
        let uri = |text: &str| text.parse::<Uri>().unwrap_or_default();
        assert_eq!(path_behind(&uri("/a?b"), 2), "?b");
        assert_eq!(path_behind(&uri("/"), 5), "");
        assert_eq!(path_behind(&uri("/a/b"), 0), "/a/b");
        assert_eq!(path_behind(&uri("*"), 1), "");
    }
}
