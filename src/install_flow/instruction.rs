//! What Salesforce users have to install before they can connect.

use crate::sdk::Sdk;
use crate::services;
use crate::value::{FALSE, UNDEFINED, Value, fill, list, new_object, text};

/// What is to be installed, and from where.
#[derive(Clone, Copy)]
pub(super) struct Package {
    url: Value,
    is_app: bool,
    is_sandbox: bool,
}

impl Package {
    /// The package that `integration` needs for an account of type `account_type`; none where nothing has to be
    /// installed.
    pub(super) fn of(integration: Value, account_type: Value) -> Option<Self> {
        if !integration.get("type").is("salesforce") || account_type.is("user-configured-oauth") {
            return None;
        }
        let url = integration
            .get("sdkIntegrationConfig")
            .get("authSchemeOptions")
            .get("packageInstallUrl");
        let page = url.tell("replace", text("https://"), text(""));
        let starts_with = |start| page.tell("startsWith", text(start), UNDEFINED).is_true();
        let is_app = starts_with("appexchange.salesforce.com/appxListingDetail");
        let is_package = starts_with("login.salesforce.com/packaging/installPackage.apexp");
        let is_sandbox = account_type.is("sandbox");
        let url = if is_package && is_sandbox {
            url.tell("replace", text("login."), text("test."))
        } else {
            url
        };
        (is_app || is_package).then_some(Self {
            url,
            is_app,
            is_sandbox,
        })
    }

    /// The stage for the app; `finished` runs when the user says that it is installed.
    pub(super) fn describe(self, sdk: Sdk, finished: Value) -> Value {
        let url = self.url;
        let link = part(
            "link",
            if self.is_app {
                "Go to AppExchange"
            } else {
                "Install"
            },
        )
        .set("href", url);
        let copy = part("copyButton", "Copy link").set("copyText", url);
        new_object()
            .set("stage", text("instruction"))
            .set("content", self.content(sdk))
            .set("ctas", list![link, copy])
            .set(
                "finish",
                part("finishButton", "I've installed the package").set("onClick", finished),
            )
            .set("packageInstallUrl", url)
            .set("done", FALSE)
    }

    /// Markdown: a heading, who has to do it, a picture, what to click.
    fn content(self, sdk: Sdk) -> Value {
        let (heading, what, rest) = match (self.is_app, self.is_sandbox) {
            (false, _) => (
                "Install Package",
                "a package has to be installed in",
                "package.png)\n\nChoose \"Install for All Users\" if others than the admin will connect their accounts too.\n",
            ),
            (true, false) => (
                "Install App",
                "an app has to be added to",
                "app-default.png)\n\nOn AppExchange, press \"Get It Now\" and add the app to the production environment.\n",
            ),
            (true, true) => (
                "Install App",
                "an app has to be added to",
                "app-sandbox.png)\n\nOn AppExchange, press \"Try It\" and add the app to the sandbox environment.\n",
            ),
        };
        let heading = text(heading);
        let start = "## {}\n\nBefore you can connect your account, {} your Salesforce organization by an admin.\n\n![{}](";
        let start = fill!(start, heading, text(what), heading);
        fill!(
            "{}{}/images/salesforce-install-{}",
            start,
            sdk.url(services::DASHBOARD),
            text(rest)
        )
    }
}

fn part(kind: &'static str, label: &'static str) -> Value {
    new_object()
        .set("type", text(kind))
        .set("label", text(label))
}
