use super::*;
use crate::projects::DevelopmentKeys;
use crate::vault::Sealed;

const DEVELOPMENT_ID: &str = "development";

fn file(client: Option<&str>, development: bool) -> ConfiguredAzureDevops {
    ConfiguredAzureDevops {
        client: client.map(|id| (id.to_owned(), "the file's".to_owned().into())),
        development_keys: development.then(|| DevelopmentKeys {
            client_id: DEVELOPMENT_ID.into(),
            client_secret: "worth nothing".to_owned().into(),
        }),
        tenant: "organizations".into(),
        scopes: None,
        redirect_urls: Vec::new(),
        share_access_tokens: false,
    }
}

fn row(client_id: Option<&str>) -> IntegrationRow {
    IntegrationRow {
        client_id: client_id.map(str::to_owned),
        scopes: None,
        active: true,
        revision: 1,
        updated_at: 0,
        updated_by: String::new(),
    }
}

fn secret(number: u128, expires_at: Option<Millis>) -> ClientSecretRow {
    ClientSecretRow {
        id: Uuid::from_u128(number),
        secret: Sealed {
            key_id: String::new(),
            bytes: Vec::new(),
        },
        expires_at,
        created_at: 0,
        created_by: String::new(),
    }
}

#[test]
fn the_dashboard_wins_over_the_file_and_a_secret_stays_with_its_client_id() {
    use Source::{Dashboard, Default, File, Nowhere};
    let rows = [
        // file's id, development, saved id, saved secret -> id, secret
        (None, true, None, false, Default, Default),
        (None, true, None, true, Default, Default),
        (None, true, Some("d"), false, Dashboard, Nowhere),
        (None, true, Some("d"), true, Dashboard, Dashboard),
        (None, false, None, true, Nowhere, Dashboard),
        (Some("f"), false, None, false, File, File),
        (Some("f"), false, None, true, File, Dashboard),
        (Some("f"), false, Some("f"), false, Dashboard, File),
        (Some("f"), false, Some("d"), false, Dashboard, Nowhere),
    ];
    for (file_id, development, saved, has_secret, id, secrets) in rows {
        let stored = if has_secret {
            vec![secret(1, None)]
        } else {
            Vec::new()
        };
        let resolved = resolve(&file(file_id, development), Some(row(saved)), stored, 0);
        assert_eq!(
            (resolved.client_id_source, resolved.secrets_source),
            (id, secrets),
            "{file_id:?} {development} {saved:?} {has_secret}"
        );
    }
}

#[test]
fn the_newest_secret_comes_first_and_an_expired_one_last() {
    let stored = vec![secret(3, Some(10)), secret(2, None), secret(1, Some(30))];
    let order = |now| {
        let resolved = resolve(&file(None, false), None, stored.clone(), now);
        resolved
            .stored_secrets
            .iter()
            .map(|row| row.id.as_u128())
            .collect::<Vec<_>>()
    };
    assert_eq!(order(9), [3, 2, 1]);
    assert_eq!(order(10), [2, 1, 3]);
    assert_eq!(order(30), [2, 3, 1]);
}

#[test]
fn permissions_come_from_the_dashboard_the_file_or_the_default() {
    let mut file = file(None, true);
    let names = |file: &ConfiguredAzureDevops, row| resolve(file, row, Vec::new(), 0).scopes;
    assert_eq!(names(&file, None), scopes::DEFAULT);
    file.scopes = Some(vec![scopes::qualified("vso.code"), "vso.work".into()]);
    assert_eq!(names(&file, None), ["vso.code", "vso.work"]);
    let saved = IntegrationRow {
        scopes: Some(vec!["vso.profile".into()]),
        ..row(None)
    };
    assert_eq!(names(&file, Some(saved)), ["vso.profile"]);
}
