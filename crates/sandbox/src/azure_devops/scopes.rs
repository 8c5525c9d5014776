//! Which permission includes which.

/// Direct inclusions: the first permission brings the others along.
const INCLUDES: &[(&str, &[&str])] = &[
    ("vso.work_full", &["vso.work_write"]),
    ("vso.work_write", &["vso.work"]),
    ("vso.work", &["vso.hooks_write"]),
    ("vso.project_manage", &["vso.project_write"]),
    ("vso.project_write", &["vso.project"]),
    ("vso.build_execute", &["vso.build"]),
    ("vso.code_full", &["vso.code_manage"]),
    ("vso.code_manage", &["vso.code_write"]),
    ("vso.code_write", &["vso.code"]),
    ("vso.graph_manage", &["vso.graph"]),
    ("vso.identity_manage", &["vso.identity"]),
    ("vso.extension", &["vso.profile"]),
    ("vso.extension_manage", &["vso.extension"]),
    ("vso.gallery", &["vso.profile"]),
    ("vso.notification", &["vso.profile"]),
    ("vso.notification_write", &["vso.notification"]),
    ("vso.packaging", &["vso.profile"]),
    ("vso.packaging_write", &["vso.packaging"]),
    ("vso.packaging_manage", &["vso.packaging_write"]),
    ("vso.release", &["vso.profile"]),
    ("vso.release_execute", &["vso.release"]),
    ("vso.release_manage", &["vso.release_execute"]),
    ("vso.serviceendpoint", &["vso.profile"]),
    ("vso.serviceendpoint_query", &["vso.serviceendpoint"]),
    ("vso.serviceendpoint_manage", &["vso.serviceendpoint_query"]),
];

/// Whether `granted` lets in a request that needs one of `wanted`.
pub(crate) fn covers(granted: &[String], wanted: &[&str]) -> bool {
    granted
        .iter()
        .any(|name| name == "user_impersonation" || wanted.iter().any(|want| includes(name, want)))
}

fn includes(name: &str, wanted: &str) -> bool {
    name == wanted
        || INCLUDES
            .iter()
            .filter(|row| row.0 == name)
            .flat_map(|row| row.1)
            .any(|inner| includes(inner, wanted))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_write_permission_includes_reading_but_not_the_other_way_round() {
        assert!(covers(&["vso.work_full".into()], &["vso.work"]));
        assert!(!covers(&["vso.work".into()], &["vso.work_write"]));
        assert!(covers(&["vso.packaging_manage".into()], &["vso.profile"]));
        assert!(!covers(&[], &["vso.work"]));
    }
}
