use super::*;

fn error(name: &str, number: u32) -> EntraError {
    EntraError {
        error: name.into(),
        error_codes: vec![number],
        ..EntraError::default()
    }
}

fn verdict(phase: Phase, error: &EntraError) -> Verdict {
    diagnose(phase, error).verdict
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
    for known in KNOWN {
        let all = known.numbers.iter();
        for (number, name) in all.flat_map(|number| NAMES.map(|name| (*number, name))) {
            let found = diagnose(Phase::Refresh, &error(name, number));
            assert_eq!(found.verdict, known.verdict, "{name} {number}");
            assert_eq!(found.number, Some(number));
        }
    }
}

#[test]
fn no_number_has_two_meanings() {
    let mut all: Vec<_> = KNOWN.iter().flat_map(|known| known.numbers).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn a_dead_code_is_a_matter_of_the_attempt() {
    for number in [70000, 70008, 54005, 501_481] {
        let found = verdict(Phase::SignIn, &error("invalid_grant", number));
        assert_eq!(found, Verdict::AttemptFailed, "{number}");
    }
    let dead = verdict(Phase::Refresh, &error("invalid_grant", 70008));
    assert_eq!(dead, Verdict::GrantDead);
}

#[test]
fn a_directory_without_azure_devops_is_not_the_apps_wrong_secret() {
    for number in [650_051, 650_052] {
        let found = verdict(Phase::SignIn, &error("invalid_client", number));
        assert_eq!(found, Verdict::NotInDirectory, "{number}");
    }
}

#[test]
fn only_faults_of_the_apps_own_proof_are_true_for_all_users() {
    let refused = |error: &EntraError| verdict(Phase::Refresh, error) == Verdict::ClientRefused;
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
    for (name, expected) in [
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
        let found = verdict(Phase::Refresh, &error(name, 4_294_967_295));
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn only_the_persons_own_no_is_a_cancelled_sign_in() {
    let denied = |description: &str, subcode: Option<&str>| {
        verdict(
            Phase::SignIn,
            &EntraError {
                error: "access_denied".into(),
                error_description: description.into(),
                suberror: subcode.map(str::to_owned),
                ..EntraError::default()
            },
        )
    };
    for (description, subcode) in [
        ("", None),
        ("the user denied the request", None),
        ("AADSTS65004: User declined to consent.", None),
        ("", Some("cancel")),
        ("AADSTS4294967295: New.", Some("cancel")),
    ] {
        let found = denied(description, subcode);
        assert_eq!(found, Verdict::Cancelled, "{description}");
    }
    for number in [50105, 50020, 53003, 65005, 650_052, 4_294_967_295_u32] {
        let found = denied(&format!("AADSTS{number}: No."), None);
        assert_ne!(found, Verdict::Cancelled, "{number}");
    }
    let blocked = denied("AADSTS90094: Administrator.", Some("cancel"));
    assert_eq!(blocked, Verdict::AdminApprovalRequired);
}

#[test]
fn what_a_person_is_told_are_sentences_that_say_who_can_act() {
    for known in KNOWN {
        let found = diagnose(Phase::Refresh, &error("access_denied", known.numbers[0]));
        let words = found.message;
        assert!(words.starts_with(char::is_uppercase), "{words}");
        assert!(words.ends_with('.') && !words.contains("AADSTS"), "{words}");
        let has_words = known.words.is_some() || known.verdict != Verdict::SignInBlocked;
        assert!(has_words, "{words}");
    }
}

#[test]
fn a_page_of_microsoft_is_named_where_somebody_else_has_to_act() {
    let page = |number| diagnose(Phase::SignIn, &error("access_denied", number)).help_url();
    let url = page(50105).expect("a page");
    assert_eq!(
        url.as_str(),
        "https://login.microsoftonline.com/error?code=50105"
    );
    for number in [65004, 65001, 54005, 90033] {
        assert!(page(number).is_none(), "{number}");
    }
    assert!(Diagnosis::from(Verdict::SignInBlocked).help_url().is_none());
}
