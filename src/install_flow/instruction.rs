//! What Salesforce users have to install before they can connect.

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::js::{self, Raw};
use crate::model::Integration;
use crate::sdk::Sdk;
use crate::services::Service;

/// What is to be installed, and from where.
pub(super) struct Package {
    url: String,
    is_app: bool,
    is_sandbox: bool,
}

#[wasm_bindgen]
extern "C" {
    type SchemeOptions;
    #[wasm_bindgen(method, getter, js_name = packageInstallUrl)]
    fn package_url(this: &SchemeOptions) -> JsValue;
}

/// The stage for the app.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Instruction<'a> {
    stage: &'a str,
    content: String,
    ctas: (Link<'a>, CopyButton<'a>),
    finish: FinishButton<'a>,
    package_install_url: &'a str,
    done: bool,
}

#[derive(Serialize)]
struct Link<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    label: &'a str,
    href: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CopyButton<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    label: &'a str,
    copy_text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FinishButton<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    label: &'a str,
    on_click: Raw,
}

impl Package {
    /// The package that `integration` needs for an account of this type; none where nothing has to be installed.
    pub(super) fn of(integration: &Integration, account_type: &JsValue) -> Option<Self> {
        if integration.kind() != "salesforce" || *account_type == "user-configured-oauth" {
            return None;
        }
        let options: SchemeOptions = js::view(integration.sdk_config().scheme_options());
        let url = options.package_url().as_string()?;
        let page = url.strip_prefix("https://").unwrap_or(&url);
        let is_app = page.starts_with("appexchange.salesforce.com/appxListingDetail");
        let is_sandbox = *account_type == "sandbox";
        let login = "login.salesforce.com/packaging/installPackage.apexp";
        if !is_app && !page.starts_with(login) {
            return None;
        }
        let url = match page.strip_prefix("login.").filter(|_| is_sandbox) {
            Some(rest) => ["https://test.", rest].concat(),
            None => url,
        };
        Some(Self {
            url,
            is_app,
            is_sandbox,
        })
    }

    /// The stage for the app; `finished` runs when the user says that it is installed.
    pub(super) fn describe(&self, sdk: &Sdk, finished: &Function) -> JsValue {
        js::to_object(&Instruction {
            stage: "instruction",
            content: self.content(sdk),
            ctas: (
                Link {
                    kind: "link",
                    label: if self.is_app {
                        "Go to AppExchange"
                    } else {
                        "Install"
                    },
                    href: &self.url,
                },
                CopyButton {
                    kind: "copyButton",
                    label: "Copy link",
                    copy_text: &self.url,
                },
            ),
            finish: FinishButton {
                kind: "finishButton",
                label: "I've installed the package",
                on_click: Raw::from(finished),
            },
            package_install_url: &self.url,
            done: false,
        })
    }

    /// Markdown: a heading, who has to do it, a picture, what to click.
    fn content(&self, sdk: &Sdk) -> String {
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
            rest,
        ]
        .concat()
    }
}
