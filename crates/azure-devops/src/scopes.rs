//! Data table: the permissions (scopes) of Azure DevOps.
//!
//! Source: Microsoft, "Azure DevOps scopes" (2025-07). Service hooks have no scopes of their own any more: they come along
//! with builds, code and work items.

/// Entra ID's id of Azure DevOps, which stands before each of its scopes.
pub const RESOURCE: &str = "499b84ac-1321-427f-aa17-267ca6975798";
/// What is asked for unless the operator says otherwise.
pub const DEFAULT: [&str; 3] = [PROFILE, "vso.project", "vso.work_write"];
/// The gateway itself needs it, to find the user's organizations.
pub const PROFILE: &str = "vso.profile";
/// Everything the user may do.
pub const IMPERSONATION: &str = "user_impersonation";

/// One permission.
#[derive(Debug, PartialEq, Eq)]
pub struct Scope {
    /// What it is about.
    pub group: &'static str,
    /// Name, without the resource.
    pub name: &'static str,
    /// Microsoft marks it as high-privilege.
    pub high_privilege: bool,
    /// The permission that it includes, with all that one includes.
    pub includes: Option<&'static str>,
    /// What it allows, in words for the operator.
    pub allows: &'static str,
}

/// Whether a scope is marked as high-privilege.
const HIGH: bool = true;
const NORMAL: bool = false;

#[rustfmt::skip]
const ROWS: &[(&str, &str, bool, Option<&str>, &str)] = &[
    ("Advanced Security", "vso.advsec", HIGH, None, "Read alerts and analyses"),
    ("Advanced Security", "vso.advsec_write", HIGH, Some("vso.advsec"), "Upload analyses in the SARIF format"),
    ("Advanced Security", "vso.advsec_manage", HIGH, Some("vso.advsec_write"), "Manage alerts and analyses"),
    ("Agent pools", "vso.agentpools", NORMAL, None, "View pools, queues, agents and their jobs"),
    ("Agent pools", "vso.agentpools_manage", HIGH, Some("vso.agentpools"), "Manage pools, queues and agents"),
    ("Agent pools", "vso.environment_manage", HIGH, Some("vso.agentpools_manage"), "Manage environments as well"),
    ("Analytics", "vso.analytics", NORMAL, None, "Query analytics data"),
    ("Auditing", "vso.auditlog", NORMAL, None, "Read the audit log"),
    ("Auditing", "vso.auditstreams_manage", HIGH, Some("vso.auditlog"), "Manage audit streams"),
    ("Build", "vso.build", NORMAL, Some("vso.hooks_write"), "Read builds, definitions and artifacts"),
    ("Build", "vso.build_execute", HIGH, Some("vso.build"), "Queue and change builds"),
    ("Code", "vso.code", NORMAL, Some("vso.hooks_write"), "Read source and history, search code"),
    ("Code", "vso.code_write", HIGH, Some("vso.code"), "Change source, manage pull requests"),
    ("Code", "vso.code_manage", HIGH, Some("vso.code_write"), "Manage repositories"),
    ("Code", "vso.code_full", HIGH, Some("vso.code_manage"), "Full access to code"),
    ("Code", "vso.code_status", NORMAL, None, "Read and write the status of commits and pull requests"),
    ("Connected server", "vso.connected_server", NORMAL, None, "Endpoints that a server on premises uses"),
    ("Entitlements", "vso.entitlements", NORMAL, None, "Read license entitlements"),
    ("Entitlements", "vso.memberentitlementmanagement", NORMAL, None, "Read users, licenses, their projects and extensions"),
    ("Entitlements", "vso.memberentitlementmanagement_write", HIGH, Some("vso.memberentitlementmanagement"), "Manage users and licenses"),
    ("Extensions", "vso.extension", NORMAL, Some("vso.profile"), "List installed extensions"),
    ("Extensions", "vso.extension_manage", HIGH, Some("vso.extension"), "Install, remove and administer extensions"),
    ("Extensions", "vso.extension.data", NORMAL, Some("vso.profile"), "Read data of extensions"),
    ("Extensions", "vso.extension.data_write", NORMAL, Some("vso.extension.data"), "Write data of extensions"),
    ("GitHub connections", "vso.githubconnections", NORMAL, None, "Read GitHub connections"),
    ("GitHub connections", "vso.githubconnections_manage", HIGH, Some("vso.githubconnections"), "Manage GitHub connections"),
    ("Graph and identity", "vso.graph", NORMAL, None, "Read users, groups and memberships"),
    ("Graph and identity", "vso.graph_manage", HIGH, Some("vso.graph"), "Add users, manage groups"),
    ("Graph and identity", "vso.identity", NORMAL, None, "Read identities"),
    ("Graph and identity", "vso.identity_manage", HIGH, Some("vso.identity"), "Manage identities"),
    ("Deployment groups", "vso.machinegroup_manage", HIGH, Some("vso.agentpools_manage"), "Manage deployment groups and pools"),
    ("Marketplace", "vso.gallery", NORMAL, Some("vso.profile"), "Read items and publishers"),
    ("Marketplace", "vso.gallery_acquire", NORMAL, Some("vso.gallery"), "Acquire items"),
    ("Marketplace", "vso.gallery_publish", HIGH, Some("vso.gallery"), "Publish items"),
    ("Marketplace", "vso.gallery_manage", HIGH, Some("vso.gallery_publish"), "Manage items and publishers"),
    ("Notifications", "vso.notification", NORMAL, Some("vso.profile"), "Read subscriptions"),
    ("Notifications", "vso.notification_write", NORMAL, Some("vso.notification"), "Write subscriptions"),
    ("Notifications", "vso.notification_manage", NORMAL, Some("vso.notification_write"), "Manage subscriptions"),
    ("Notifications", "vso.notification_diagnostics", NORMAL, Some("vso.notification"), "Diagnose notifications"),
    ("Packaging", "vso.packaging", NORMAL, Some("vso.profile"), "Read feeds and packages"),
    ("Packaging", "vso.packaging_write", HIGH, Some("vso.packaging"), "Publish packages"),
    ("Packaging", "vso.packaging_manage", HIGH, Some("vso.packaging_write"), "Manage feeds"),
    ("Pipeline resources", "vso.pipelineresources_use", HIGH, None, "Approve the use of protected resources"),
    ("Pipeline resources", "vso.pipelineresources_manage", HIGH, Some("vso.pipelineresources_use"), "Manage protected resources"),
    ("Project and team", "vso.project", NORMAL, None, "Read projects and teams"),
    ("Project and team", "vso.project_write", NORMAL, Some("vso.project"), "Change projects and teams"),
    ("Project and team", "vso.project_manage", HIGH, Some("vso.project_write"), "Create and delete projects"),
    ("Release", "vso.release", NORMAL, Some("vso.profile"), "Read releases and definitions"),
    ("Release", "vso.release_execute", HIGH, Some("vso.release"), "Create and change releases"),
    ("Release", "vso.release_manage", HIGH, Some("vso.release_execute"), "Delete and approve releases"),
    ("Secure files", "vso.securefiles_read", HIGH, None, "Read secure files"),
    ("Secure files", "vso.securefiles_write", HIGH, Some("vso.securefiles_read"), "Create secure files"),
    ("Secure files", "vso.securefiles_manage", HIGH, Some("vso.securefiles_write"), "Manage secure files"),
    ("Security", "vso.security_manage", HIGH, None, "Manage permissions"),
    ("Service connections", "vso.serviceendpoint", NORMAL, Some("vso.profile"), "Read service connections"),
    ("Service connections", "vso.serviceendpoint_query", NORMAL, Some("vso.serviceendpoint"), "Query through service connections"),
    ("Service connections", "vso.serviceendpoint_manage", HIGH, Some("vso.serviceendpoint_query"), "Manage service connections"),
    ("Settings", "vso.settings", NORMAL, None, "Read settings"),
    ("Settings", "vso.settings_write", NORMAL, Some("vso.settings"), "Write settings"),
    ("Symbols", "vso.symbols", NORMAL, None, "Read symbols"),
    ("Symbols", "vso.symbols_write", NORMAL, Some("vso.symbols"), "Upload symbols"),
    ("Symbols", "vso.symbols_manage", NORMAL, Some("vso.symbols_write"), "Manage symbols"),
    ("Task groups", "vso.taskgroups_read", NORMAL, None, "Read task groups"),
    ("Task groups", "vso.taskgroups_write", NORMAL, Some("vso.taskgroups_read"), "Create task groups"),
    ("Task groups", "vso.taskgroups_manage", HIGH, Some("vso.taskgroups_write"), "Manage task groups"),
    ("Team dashboards", "vso.dashboards", NORMAL, None, "Read team dashboards"),
    ("Team dashboards", "vso.dashboards_manage", NORMAL, Some("vso.dashboards"), "Manage team dashboards"),
    ("Test management", "vso.test", NORMAL, None, "Read test plans, cases and results"),
    ("Test management", "vso.test_write", NORMAL, Some("vso.test"), "Write test plans, cases and results"),
    ("Threads", "vso.threads_full", NORMAL, None, "Read and write comments on pull requests"),
    ("Tokens", "vso.tokens", HIGH, None, "Manage the user's delegated tokens"),
    ("Tokens", "vso.tokenadministration", HIGH, None, "View and revoke tokens of others"),
    ("User profile", "vso.profile", NORMAL, None, "Read the user's profile, organizations, projects and teams"),
    ("User profile", "vso.profile_write", NORMAL, None, "Change the user's profile"),
    ("Variable groups", "vso.variablegroups_read", NORMAL, None, "Read variable groups"),
    ("Variable groups", "vso.variablegroups_write", NORMAL, Some("vso.variablegroups_read"), "Create variable groups"),
    ("Variable groups", "vso.variablegroups_manage", HIGH, Some("vso.variablegroups_write"), "Manage variable groups"),
    ("Wiki", "vso.wiki", NORMAL, None, "Read and search wikis"),
    ("Wiki", "vso.wiki_write", NORMAL, Some("vso.wiki"), "Write wikis"),
    ("Work items", "vso.work", NORMAL, Some("vso.hooks_write"), "Read work items, queries and boards; run queries"),
    ("Work items", "vso.work_write", NORMAL, Some("vso.work"), "Create and change work items and queries"),
    ("Work items", "vso.work_full", NORMAL, Some("vso.work_write"), "Full access to work items, backlogs and plans"),
    ("Everything", "user_impersonation", HIGH, None, "Everything the user can do"),
];

/// Every permission that can be asked for, by group.
pub fn all() -> impl Iterator<Item = Scope> {
    ROWS.iter()
        .map(|&(group, name, high_privilege, includes, allows)| Scope {
            group,
            name,
            high_privilege,
            includes,
            allows,
        })
}

/// The permission with this name.
pub fn find(name: &str) -> Option<Scope> {
    all().find(|scope| scope.name == name)
}

/// All that a permission includes, itself left out.
pub fn included(name: &str) -> Vec<&'static str> {
    let mut names = Vec::new();
    let mut next = find(name).and_then(|scope| scope.includes);
    while let Some(name) = next {
        names.push(name);
        next = find(name).and_then(|scope| scope.includes);
    }
    names
}

/// The scope string that Entra ID takes.
pub fn qualified(name: &str) -> String {
    if name.contains('/') {
        return name.to_owned();
    }
    format!("{RESOURCE}/{name}")
}

/// The name of a scope string; what belongs to another resource stays as it is.
pub fn bare(scope: &str) -> &str {
    scope
        .strip_prefix(RESOURCE)
        .and_then(|rest| rest.strip_prefix('/'))
        .unwrap_or(scope)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_table_is_whole() {
        let names: HashSet<_> = all().map(|scope| scope.name).collect();
        assert_eq!(names.len(), all().count(), "each stands once");
        for scope in all() {
            // Included by others, but no longer to be asked for.
            let is_hook = scope.includes == Some("vso.hooks_write");
            assert!(
                is_hook || scope.includes.is_none_or(|name| names.contains(name)),
                "{}",
                scope.name
            );
        }
        assert!(DEFAULT.iter().all(|name| names.contains(name)));
    }

    #[test]
    fn what_is_included_goes_all_the_way_down() {
        assert_eq!(
            included("vso.work_full"),
            ["vso.work_write", "vso.work", "vso.hooks_write"]
        );
        assert_eq!(included("vso.gallery_manage").last(), Some(&PROFILE));
        assert!(included("vso.project").is_empty() && included("nothing").is_empty());
    }

    #[test]
    fn names_and_scope_strings_belong_together() {
        assert_eq!(bare(&qualified("vso.work")), "vso.work");
        let other = "https://graph.microsoft.com/User.Read";
        assert_eq!((qualified(other).as_str(), bare(other)), (other, other));
    }
}
