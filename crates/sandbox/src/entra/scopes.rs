//! Scope strings: which are known, to which resource they belong, which may stand together.

use super::errors::EntraError;
use paragon_azure_devops::scopes as permissions;

/// Resource id of Azure DevOps.
pub(crate) const RESOURCE_ID: &str = "499b84ac-1321-427f-aa17-267ca6975798";
/// Resource URI of Azure DevOps.
pub(crate) const RESOURCE_URI: &str = "https://app.vssps.visualstudio.com";
/// Everything the app registration lists.
pub(crate) const DEFAULT: &str = ".default";

/// Every Azure DevOps permission with the sentence of the consent page.
pub(crate) const ALL: &[(&str, &str)] = &[
    (
        "user_impersonation",
        "Do everything in Azure DevOps that you may do",
    ),
    (
        "vso.profile",
        "Read your profile and the list of your organizations",
    ),
    ("vso.profile_write", "Change your profile"),
    ("vso.project", "Read projects and teams"),
    ("vso.project_write", "Change projects and teams"),
    ("vso.project_manage", "Create and delete projects"),
    ("vso.work", "Read work items, queries and boards"),
    ("vso.work_write", "Create and change work items and queries"),
    (
        "vso.work_full",
        "Full access to work items, backlogs and plans",
    ),
    ("vso.code", "Read source code and its history"),
    ("vso.code_write", "Change source code and pull requests"),
    ("vso.code_manage", "Manage repositories"),
    ("vso.code_full", "Full access to source code"),
    ("vso.code_status", "Read and write commit status"),
    ("vso.build", "Read builds and their artifacts"),
    ("vso.build_execute", "Queue and change builds"),
    ("vso.graph", "Read users and groups"),
    ("vso.graph_manage", "Add users and manage groups"),
    ("vso.identity", "Read identities"),
    ("vso.identity_manage", "Manage identities"),
    ("vso.packaging", "Read package feeds"),
    ("vso.packaging_write", "Publish packages"),
    ("vso.packaging_manage", "Manage package feeds"),
    ("vso.release", "Read releases"),
    ("vso.release_execute", "Create and change releases"),
    ("vso.release_manage", "Delete and approve releases"),
    ("vso.test", "Read test plans, cases and results"),
    ("vso.test_write", "Write test plans, cases and results"),
    ("vso.wiki", "Read wikis"),
    ("vso.wiki_write", "Write wikis"),
    ("vso.hooks", "Read service hooks"),
    ("vso.hooks_write", "Change service hooks"),
    ("vso.notification", "Read notification subscriptions"),
    (
        "vso.notification_write",
        "Change notification subscriptions",
    ),
    ("vso.serviceendpoint", "Read service connections"),
    (
        "vso.serviceendpoint_query",
        "Query through service connections",
    ),
    ("vso.serviceendpoint_manage", "Manage service connections"),
    ("vso.agentpools", "Read agent pools and queues"),
    ("vso.agentpools_manage", "Manage agent pools and queues"),
    ("vso.analytics", "Query analytics data"),
    ("vso.auditlog", "Read the audit log"),
    ("vso.dashboards", "Read dashboards"),
    ("vso.dashboards_manage", "Manage dashboards"),
    ("vso.entitlements", "Read licence entitlements"),
    (
        "vso.memberentitlementmanagement",
        "Read users and their licences",
    ),
    (
        "vso.memberentitlementmanagement_write",
        "Manage users and their licences",
    ),
    ("vso.extension", "List installed extensions"),
    ("vso.extension_manage", "Manage extensions"),
    ("vso.gallery", "Read the marketplace"),
    ("vso.tokens", "Manage your personal access tokens"),
    (
        "vso.tokenadministration",
        "View and revoke tokens of others",
    ),
    ("vso.security_manage", "Manage permissions"),
    ("vso.settings", "Read settings"),
    ("vso.settings_write", "Change settings"),
    ("vso.threads_full", "Read and write pull request comments"),
    ("vso.variablegroups_read", "Read variable groups"),
    ("vso.variablegroups_write", "Create variable groups"),
    ("vso.variablegroups_manage", "Manage variable groups"),
];

const OPENID: &[&str] = &["openid", "profile", "email", "offline_access"];

/// A checked scope list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Scopes {
    /// `openid`, `profile`, `email`, `offline_access`.
    pub(crate) openid: Vec<String>,
    /// Azure DevOps permissions without their resource.
    pub(crate) permissions: Vec<String>,
}

impl Scopes {
    /// Parses the `scope` parameter.
    ///
    /// # Errors
    /// 70011 for unknown or bare permissions and for a `.default` with company, 700022 for two resources.
    pub(crate) fn parse(text: &str) -> Result<Self, EntraError> {
        let mut scopes = Self::default();
        let mut other_resource = false;
        for word in text.split_whitespace() {
            match classify(word)? {
                Word::OpenId => push_new(&mut scopes.openid, word),
                Word::Permission(name) => push_new(&mut scopes.permissions, name),
                Word::OtherResource => other_resource = true,
            }
        }
        if other_resource && !scopes.permissions.is_empty() {
            return Err(EntraError::number(700_022));
        }
        if other_resource {
            let text = "The simulator has no other resource than Azure DevOps.";
            return Err(EntraError::number(500_011).because(text));
        }
        scopes.check_default()
    }

    fn check_default(self) -> Result<Self, EntraError> {
        if self.asks_default() && self.permissions.len() > 1 {
            let text = "The '.default' scope can't be combined with resource-specific scopes.";
            return Err(EntraError::number(70011).because(text));
        }
        Ok(self)
    }

    /// Whether everything of the registration is asked for.
    pub(crate) fn asks_default(&self) -> bool {
        self.permissions.iter().any(|name| name == DEFAULT)
    }

    /// Whether `name` is one of the sign-in scopes here.
    pub(crate) fn has_openid(&self, name: &str) -> bool {
        self.openid.iter().any(|scope| scope == name)
    }

    /// The `scope` of a token answer: fully qualified, as Entra writes it.
    pub(crate) fn qualified(&self) -> String {
        let permissions = self
            .permissions
            .iter()
            .map(|name| format!("{RESOURCE_ID}/{name}"));
        let openid = self
            .openid
            .iter()
            .filter(|name| *name != "offline_access")
            .cloned();
        permissions.chain(openid).collect::<Vec<_>>().join(" ")
    }
}

enum Word<'a> {
    OpenId,
    Permission(&'a str),
    OtherResource,
}

fn classify(word: &str) -> Result<Word<'_>, EntraError> {
    if OPENID.contains(&word) {
        return Ok(Word::OpenId);
    }
    let prefixed = [RESOURCE_ID, RESOURCE_URI]
        .iter()
        .find_map(|resource| word.strip_prefix(resource)?.strip_prefix('/'));
    match prefixed.map(|name| name.trim_start_matches('/')) {
        Some(name) if is_permission(name) => Ok(Word::Permission(name)),
        None if word.starts_with("https://graph.microsoft.com/") || word == "User.Read" => {
            Ok(Word::OtherResource)
        }
        _ => Err(unknown(word)),
    }
}

fn is_permission(name: &str) -> bool {
    name == DEFAULT
        || ALL.iter().any(|(known, _)| *known == name)
        || permissions::find(name).is_some()
}

fn unknown(word: &str) -> EntraError {
    let text = format!(
        "The application asked for scope '{word}' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000' or its own resource."
    );
    EntraError::number(70011).because(text)
}

fn push_new(list: &mut Vec<String>, name: &str) {
    if !list.iter().any(|known| known == name) {
        list.push(name.to_owned());
    }
}

/// The consent page's sentence for a permission.
pub(crate) fn sentence(name: &str) -> &'static str {
    let known = ALL.iter().find(|(known, _)| *known == name);
    let other = || permissions::find(name).map(|scope| scope.allows);
    known
        .map(|(_, sentence)| *sentence)
        .or_else(other)
        .unwrap_or("Access Azure DevOps")
}
