//! What Salesforce users have to install before they can connect.

use crate::sdk::Sdk;
use crate::services;
use crate::value::{FALSE, Text, UNDEFINED, Value, fill, list, new_object, t, text};

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
        if !integration.get(t!("type")).is(t!("salesforce"))
            || account_type.is(t!("user-configured-oauth"))
        {
            return None;
        }
        let url = integration
            .get(t!("sdkIntegrationConfig"))
            .get(t!("authSchemeOptions"))
            .get(t!("packageInstallUrl"));
        let page = url.tell(t!("replace"), text(t!("https://")), text(t!("")));
        let starts_with = |start| {
            page.tell(t!("startsWith"), text(start), UNDEFINED)
                .is_true()
        };
        let is_app = starts_with(t!("appexchange.salesforce.com/appxListingDetail"));
        let is_package = starts_with(t!("login.salesforce.com/packaging/installPackage.apexp"));
        let is_sandbox = account_type.is(t!("sandbox"));
        let url = if is_package && is_sandbox {
            url.tell(t!("replace"), text(t!("login.")), text(t!("test.")))
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
            t!("link"),
            if self.is_app {
                t!("Go to AppExchange")
            } else {
                t!("Install")
            },
        )
        .set(t!("href"), url);
        let copy = part(t!("copyButton"), t!("Copy link")).set(t!("copyText"), url);
        new_object()
            .set(t!("stage"), text(t!("instruction")))
            .set(t!("content"), self.content(sdk))
            .set(t!("ctas"), list![link, copy])
            .set(
                t!("finish"),
                part(t!("finishButton"), t!("I've installed the package"))
                    .set(t!("onClick"), finished),
            )
            .set(t!("packageInstallUrl"), url)
            .set(t!("done"), FALSE)
    }

    /// Markdown: a heading, who has to do it, a picture, what to click.
    fn content(self, sdk: Sdk) -> Value {
        let (heading, what, rest) = match (self.is_app, self.is_sandbox) {
            (false, _) => (
                t!("Install Package"),
                t!("a package has to be installed in"),
                t!(
                    "package.png)\n\nChoose \"Install for All Users\" if others than the admin will connect their accounts too.\n"
                ),
            ),
            (true, false) => (
                t!("Install App"),
                t!("an app has to be added to"),
                t!(
                    "app-default.png)\n\nOn AppExchange, press \"Get It Now\" and add the app to the production environment.\n"
                ),
            ),
            (true, true) => (
                t!("Install App"),
                t!("an app has to be added to"),
                t!(
                    "app-sandbox.png)\n\nOn AppExchange, press \"Try It\" and add the app to the sandbox environment.\n"
                ),
            ),
        };
        let heading = text(heading);
        let start = t!(
            "## {}\n\nBefore you can connect your account, {} your Salesforce organization by an admin.\n\n![{}]("
        );
        let start = fill!(start, heading, text(what), heading);
        fill!(
            t!("{}{}/images/salesforce-install-{}"),
            start,
            sdk.url(services::DASHBOARD),
            text(rest)
        )
    }
}

fn part(kind: Text, label: Text) -> Value {
    new_object()
        .set(t!("type"), text(kind))
        .set(t!("label"), text(label))
}
