use super::*;
use crate::identity::{KeyAlgorithm, KeyPair};

fn config(edit: impl FnOnce(&mut Config)) -> Config {
    let pair = KeyPair::generate(KeyAlgorithm::Es256).expect("a key pair");
    let project = ProjectConfig {
        id: "app".into(),
        name: "App".into(),
        allowed_origins: vec!["https://app.example.com".into()],
        audience: None,
        reference_client: false,
        signing_keys: vec![KeyConfig {
            kid: None,
            public_key: Some(pair.public_pem),
            public_key_file: None,
        }],
        jwks_url: None,
        azure_devops: AzureDevopsConfig {
            client_id: "id".into(),
            client_secret: "secret".to_owned().into(),
            ..AzureDevopsConfig::default()
        },
        settings: Vec::new(),
        workflows: Vec::new(),
        workflow_files: Vec::new(),
        secrets: std::collections::BTreeMap::new(),
    };
    let mut config = Config {
        projects: vec![project],
        ..Config::default()
    };
    edit(&mut config);
    config
}

fn problems(edit: impl FnOnce(&mut Config)) -> String {
    check(&config(edit), false)
        .expect_err("a wrong value")
        .to_string()
}

#[test]
fn a_good_configuration_passes() {
    let checked = check(&config(|_| ()), false).expect("good");
    let project = checked.projects.get("app").expect("the project");
    assert!(project.allows_origin("https://app.example.com"));
    assert!(!project.allows_origin("http://localhost:3000"));
    assert!(project.azure_devops.client.is_some());
}

#[test]
fn every_wrong_value_is_named_at_once() {
    let text = problems(|config| {
        config.listen = "4400".into();
        config.public_url = "connect.example.com".into();
        config.projects[0].id = "a b".into();
        config.projects[0].allowed_origins = vec!["https://app.example.com/".into()];
        config.projects[0].signing_keys[0].public_key = Some("nonsense".into());
    });
    for named in [
        "`listen` is `4400`",
        "`public_url`",
        "`projects[0].id`",
        "allowed_origins",
        "signing_keys[0]",
    ] {
        assert!(text.contains(named), "{named} in {text}");
    }
}

#[test]
fn client_id_and_secret_may_be_left_to_the_dashboard_but_go_together() {
    let blank =
        |config: &mut Config| config.projects[0].azure_devops = AzureDevopsConfig::default();
    for development in [true, false] {
        let checked = check(&config(blank), development).expect("fine");
        let project = checked.projects.get("app").expect("the project");
        assert!(project.azure_devops.client.is_none());
        assert!(project.azure_devops.development_keys.is_none());
    }
    let half = |config: &mut Config| {
        config.projects[0].azure_devops.client_secret = String::new().into();
    };
    assert!(problems(half).contains("go together"));
}

#[test]
fn wrong_addresses_of_proxies_are_named() {
    let text = problems(|config| config.trusted_proxies = vec!["proxy.local".into()]);
    assert!(
        text.contains("`trusted_proxies` has `proxy.local`"),
        "{text}"
    );
}

#[test]
fn work_items_as_triggers_need_a_public_address() {
    let watch = serde_json::json!({"id": "watch", "description": "Watch", "trigger": {"type": "workItemCreated", "project": "P"}});
    let at = |url: &'static str| {
        let watch = watch.clone();
        move |config: &mut Config| {
            config.public_url = url.into();
            config.projects[0].workflows = vec![watch];
        }
    };
    for wrong in [
        "http://connect.example.com",
        "https://localhost:4400",
        "https://10.0.0.7",
        "https://[::1]",
    ] {
        let text = problems(at(wrong));
        assert!(
            text.contains("workflow `watch` waits for work items"),
            "{text}"
        );
    }
    assert!(check(&config(at("https://connect.example.com")), false).is_ok());
    let simulated = |config: &mut Config| {
        at("http://localhost:4400")(config);
        config.azure_devops_simulator = Some("http://localhost:4401".into());
    };
    assert!(check(&config(simulated), true).is_ok());
}

#[test]
fn plain_http_is_for_this_machine_alone() {
    type Edit = fn(&mut Config, &str);
    let places: [(&str, Edit); 6] = [
        ("`public_url`", |config, url| config.public_url = url.into()),
        ("`entra_authority`", |config, url| {
            config.entra_authority = url.into();
        }),
        ("`azure_devops_simulator`", |config, url| {
            config.azure_devops_simulator = Some(url.into());
        }),
        ("`projects[0].jwks_url`", |config, url| {
            config.projects[0].signing_keys.clear();
            config.projects[0].jwks_url = Some(url.into());
        }),
        ("`projects[0].azure_devops.redirect_urls`", |config, url| {
            config.projects[0].azure_devops.redirect_urls = vec![url.into()];
        }),
        ("`projects[0].allowed_origins`", |config, url| {
            config.projects[0].allowed_origins = vec![url.into()];
        }),
    ];
    for (place, edit) in places {
        for url in ["http://connect.example.com", "http://10.0.0.7:4400"] {
            let text = problems(|config| edit(config, url));
            let says = format!("{place} is `{url}`");
            assert!(text.contains(&says) && text.contains("https"), "{text}");
        }
        for url in ["https://connect.example.com", "http://localhost:4400"] {
            let checked = check(&config(|config| edit(config, url)), false);
            assert!(checked.is_ok(), "{place}: {url}");
        }
        let anywhere = config(|config| edit(config, "http://10.0.0.7:4400"));
        assert!(check(&anywhere, true).is_ok(), "{place} in development");
    }
}

#[test]
fn secrets_are_not_printed() {
    let printed = format!(
        "{:?}",
        config(|config| config.vault_keys = vec!["canary".to_owned().into()])
    );
    assert!(
        !printed.contains("canary") && !printed.contains("\"secret\""),
        "{printed}"
    );
}
