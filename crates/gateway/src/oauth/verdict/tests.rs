use super::*;

fn error(name: &str, number: u32) -> EntraError {
    EntraError {
        error: name.into(),
        error_codes: vec![number],
        ..EntraError::default()
    }
}

const NAMES: [&str; 8] = [
    "invalid_client",
    "access_denied",
    "invalid_grant",
    "invalid_request",
    "interaction_required",
    "server_error",
    "unauthorized_client",
    "",
];

#[test]
fn a_known_number_means_the_same_under_every_name() {
    for (verdict, numbers) in KNOWN {
        for (number, name) in numbers
            .iter()
            .flat_map(|number| NAMES.map(|name| (*number, name)))
        {
            let found = classify(Phase::Refresh, &error(name, number));
            assert_eq!(found, *verdict, "{name} {number}");
        }
    }
}

#[test]
fn no_number_has_two_meanings() {
    let mut all: Vec<_> = KNOWN.iter().flat_map(|(_, numbers)| *numbers).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn a_dead_code_is_a_matter_of_the_attempt() {
    for number in [70000, 70008, 54005, 501_481] {
        let found = classify(Phase::SignIn, &error("invalid_grant", number));
        assert_eq!(found, Verdict::AttemptFailed, "{number}");
    }
    let dead = classify(Phase::Refresh, &error("invalid_grant", 70008));
    assert_eq!(dead, Verdict::GrantDead);
}

#[test]
fn a_directory_without_azure_devops_is_not_the_apps_wrong_secret() {
    for number in [650_051, 650_052] {
        let found = classify(Phase::SignIn, &error("invalid_client", number));
        assert_eq!(found, Verdict::NotInDirectory, "{number}");
    }
}

#[test]
fn only_faults_of_the_apps_own_proof_are_true_for_all_users() {
    let refused = |error: &EntraError| classify(Phase::Refresh, error) == Verdict::ClientRefused;
    for number in [7_000_215, 7_000_222, 7_000_218, 7_000_272, 700_027] {
        assert!(refused(&error("invalid_client", number)), "{number}");
    }
    let unnumbered = EntraError {
        error: "invalid_client".into(),
        ..EntraError::default()
    };
    assert!(refused(&unnumbered));
    for (name, number) in [
        ("invalid_client", 650_052),
        ("invalid_client", 7_000_229),
        ("invalid_client", 1),
        ("unauthorized_client", 700_016),
        ("unauthorized_client", 7_000_112),
        ("invalid_scope", 70011),
        ("invalid_request", 50011),
    ] {
        assert!(!refused(&error(name, number)), "{name} {number}");
    }
}

#[test]
fn an_unknown_number_is_read_by_its_name() {
    for (name, verdict) in [
        ("invalid_grant", Verdict::GrantDead),
        ("interaction_required", Verdict::InteractionRequired),
        ("login_required", Verdict::InteractionRequired),
        ("consent_required", Verdict::ConsentRequired),
        ("invalid_client", Verdict::IntegrationMisconfigured),
        ("unauthorized_client", Verdict::IntegrationMisconfigured),
        ("invalid_scope", Verdict::IntegrationMisconfigured),
        ("invalid_request", Verdict::IntegrationMisconfigured),
        ("invalid_resource", Verdict::NotInDirectory),
        ("temporarily_unavailable", Verdict::Transient),
        ("server_error", Verdict::Transient),
        ("something_new", Verdict::AttemptFailed),
    ] {
        let found = classify(Phase::Refresh, &error(name, 4_294_967_295));
        assert_eq!(found, verdict, "{name}");
    }
}
