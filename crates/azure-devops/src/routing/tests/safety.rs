//! What no path may hold.

use super::*;

#[test]
fn control_characters_are_refused() {
    for path in [
        "/a\0",
        "/a\r\nHost: evil.example",
        "/a?b\n",
        "/a\tb",
        "/a\u{7f}",
        "/a\u{85}",
        "/projects?x=\u{1b}",
        "/a%00b",
        "/a%0d%0aHost:x",
        "/a%250Ab",
        "/P/_apis/wit/a/b/c%0a",
        "https://dev.azure.com\r\n/contoso",
        "https://dev.azure.com/contoso/%0d%0a",
    ] {
        refused(path, &RoutingError::ControlCharacter);
    }
}

#[test]
fn backslash_fragment_and_raw_unicode_are_refused() {
    for path in [
        "\\evil.example",
        "/a\\..\\b",
        "https:\\\\evil.example",
        "/a?b=\\",
        "https://dev.azure.com\\@evil.example/contoso",
    ] {
        refused(path, &RoutingError::Backslash);
    }
    for path in [
        "/a#b",
        "#",
        "https://evil.example#@dev.azure.com/contoso",
        "/a?b#c",
    ] {
        refused(path, &RoutingError::Fragment);
    }
    for path in [
        "/é",
        "/a?b=é",
        "https://dev.azure。com/contoso",
        "/．．/x",
        "https://dev.azure.com/contoso∕..",
    ] {
        refused(path, &RoutingError::NotAscii);
    }
}

#[test]
fn dot_segments_are_refused_in_any_disguise() {
    for dots in [
        ".",
        "..",
        "%2e",
        "%2E%2e",
        ".%2e",
        "%2e.",
        "%252e%252e",
        ".%252e",
        "%25%32%65%25%32%65",
        "..;x=1",
        "..%3b",
        "..%20",
        "%20..",
        "..%5Cx",
        "x%5C..%5Cy",
        "x%2f..%2Fy",
        "x%252f..%252Fy",
        "x%5c..",
        "x%255C..%255cy",
    ] {
        for path in [
            format!("/{dots}/fabrikam/_apis"),
            format!("/P/_apis/wit/a/b/{dots}"),
            format!("/P/_apis/wit/a/{dots}/b?x"),
            dots.to_owned(),
            format!("https://dev.azure.com/contoso/{dots}/fabrikam"),
            format!("/_hosts/dev/contoso/{dots}/fabrikam"),
            format!("https://dev.azure.com/contoso/a/b/c/d/{dots}"),
        ] {
            refused(&path, &RoutingError::DotSegment);
        }
    }
}

#[test]
fn invalid_and_overlong_escapes_are_refused() {
    for path in [
        "/%c0%ae%c0%ae/x",
        "/a/b/c/d/%c0%ae%c0%ae",
        "/%c0%af",
        "/%e0%80%af",
        "/%f0%80%80%ae",
        "/%ff",
        "/%25c0%25ae",
        "/a%",
        "/a%2",
        "/a%zz",
        "/P/_apis/a/%u002e",
        "/%ed%a0%80",
        "/_hosts/dev/contoso/%c1%9c",
    ] {
        refused(path, &RoutingError::BadEncoding);
    }
    leads(
        "/caf%C3%A9/_apis/wit/fields",
        "https://dev.azure.com/contoso/caf%C3%A9/_apis/wit/fields",
    );
}

#[test]
fn an_encoded_slash_is_refused_where_the_target_is_decided() {
    for path in [
        "/a%2F_apis/x",
        "/a/b%2f_apis",
        "/a/b/c%2Fd",
        "/a%252fb/_apis",
        "/%2f%2fevil.example",
        "/_hosts%2Fdev/contoso",
        "/_hosts/dev%2Fcontoso/x",
        "/_hosts/dev/contoso%2Fx/_apis",
        "https://dev.azure.com/contoso%2F../x%2F",
        "https://dev.azure.com/contoso/a%2Fb",
        "https://contoso.visualstudio.com/a%2fb",
        "/_hosts/dev/contoso/a/b/c%2fd",
    ] {
        let result = microsoft(path);
        assert!(
            matches!(
                result,
                Err(RoutingError::EncodedSlash | RoutingError::DotSegment)
            ),
            "{path}: {result:?}"
        );
    }
    leads(
        "/a/b/c/d%2Fe",
        "https://dev.azure.com/contoso/_apis/a/b/c/d%2Fe",
    );
}

#[test]
fn bytes_outside_a_request_line_are_refused() {
    for path in ["/a b", "/a<b>", "/a`b", "/a^b?c d"] {
        assert_eq!(microsoft(path), Err(RoutingError::Malformed), "{path}");
    }
}
