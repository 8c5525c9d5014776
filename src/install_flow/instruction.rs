//! What Salesforce users have to install before they can connect.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::js;
use crate::sdk::Sdk;
use crate::services::Service;

/// What is to be installed, and from where.
pub(super) struct Package {
    url: String,
    is_app: bool,
    is_sandbox: bool,
}

impl Package {
    /// The package that `integration` needs for an account of type `account_type`; none where nothing has to be installed.
    pub(super) fn of(integration: &JsValue, account_type: &str) -> Option<Self> {
        if !js::is(integration, "type", "salesforce") || account_type == "user-configured-oauth" {
            return None;
        }
        let config = js::get(integration, "sdkIntegrationConfig");
        let url = js::text(&js::get(&config, "authSchemeOptions"), "packageInstallUrl")?;
        let page = url.strip_prefix("https://").unwrap_or(&url);
        let is_app = page.starts_with("appexchange.salesforce.com/appxListingDetail");
        let is_package = page.starts_with("login.salesforce.com/packaging/installPackage.apexp");
        let is_sandbox = account_type == "sandbox";
        let url = if is_package && is_sandbox {
            url.replacen("login.", "test.", 1)
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
    pub(super) fn describe(&self, sdk: &Sdk, finished: JsValue) -> JsValue {
        let url = JsValue::from(&self.url);
        let label = if self.is_app {
            "Go to AppExchange"
        } else {
            "Install"
        };
        let link = js::object(&[
            ("type", "link".into()),
            ("label", label.into()),
            ("href", url.clone()),
        ]);
        let copy = js::object(&[
            ("type", "copyButton".into()),
            ("label", "Copy link".into()),
            ("copyText", url.clone()),
        ]);
        let finish = js::object(&[
            ("type", "finishButton".into()),
            ("label", "I've installed the package".into()),
            ("onClick", finished),
        ]);
        js::object(&[
            ("stage", "instruction".into()),
            ("content", self.content(sdk).into()),
            ("ctas", Array::of2(&link, &copy).into()),
            ("finish", finish),
            ("packageInstallUrl", url),
            ("done", false.into()),
        ])
    }

    /// Markdown: a heading, who has to do it, a picture, what to click.
    fn content(&self, sdk: &Sdk) -> String {
        let (heading, what, picture, click) = match (self.is_app, self.is_sandbox) {
            (false, _) => (
                "Install Package",
                "a package has to be installed in",
                "package",
                "Choose \"Install for All Users\" if others than the admin will connect their accounts too.",
            ),
            (true, false) => (
                "Install App",
                "an app has to be added to",
                "app-default",
                "On AppExchange, press \"Get It Now\" and add the app to the production environment.",
            ),
            (true, true) => (
                "Install App",
                "an app has to be added to",
                "app-sandbox",
                "On AppExchange, press \"Try It\" and add the app to the sandbox environment.",
            ),
        };
        [
            "## ",
            heading,
            "\n\nBefore you can connect your account, ",
            what,
            " your Salesforce organization by an admin.\n\n![",
            heading,
            "](",
            &sdk.url(Service::Dashboard),
            "/images/salesforce-install-",
            picture,
            ".png)\n\n",
            click,
            "\n",
        ]
        .concat()
    }
}
