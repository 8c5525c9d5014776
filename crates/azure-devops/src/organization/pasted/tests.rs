//! What people paste, and what must not pass for it.

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<String, PastedError> {
    Organization::from_pasted(text).map(|found| found.as_str().to_owned())
}

#[test]
fn reads_what_people_paste() {
    for text in [
        "contoso",
        "  contoso\n",
        "https://dev.azure.com/contoso",
        "https://dev.azure.com/contoso/",
        "HTTPS://DEV.AZURE.COM/contoso",
        "dev.azure.com/contoso",
        "http://dev.azure.com//contoso/Project",
        "https://dev.azure.com/contoso/My%20Project/_git/repo?path=/a&version=GBmain",
        "https://dev.azure.com/contoso?view=projects",
        "https://dev.azure.com/contoso#top",
        "https://dev.azure.com:443/contoso",
        "https://dev.azure.com./contoso",
        "https://user@dev.azure.com/contoso/Project/_git/x",
        "https://user:secret@dev.azure.com/contoso/_git/x",
        "user@dev.azure.com/contoso",
        "vssps.dev.azure.com/contoso",
        "https://vsrm.dev.azure.com/contoso/_apis/release",
        "git@ssh.dev.azure.com:v3/contoso/Project/repo",
        "ssh.dev.azure.com:v3/contoso/Project/repo",
        "ssh://git@ssh.dev.azure.com/v3/contoso/Project/repo",
        "ssh://git@ssh.dev.azure.com:22/v3/contoso/Project/repo",
        "https://contoso.visualstudio.com",
        "contoso.visualstudio.com/DefaultCollection/Project",
        "https://contoso.vssps.visualstudio.com/_apis",
        "https://contoso.vsrm.visualstudio.com/Project",
        "contoso@vs-ssh.visualstudio.com:v3/contoso/Project/repo",
    ] {
        assert_eq!(read(text).as_deref(), Ok("contoso"), "{text}");
    }
    assert_eq!(read("Contoso-Labs").as_deref(), Ok("Contoso-Labs"));
    assert_eq!(read("v3").as_deref(), Ok("v3"));
    assert_eq!(read("https://dev.azure.com/v3/p").as_deref(), Ok("v3"));
}

#[test]
fn refuses_everything_else_and_says_what() {
    use PastedError::{Empty, NoName, NoOrganization, OtherHost, TooLong};
    let long = "a".repeat(MAX_BYTES + 1);
    for (text, why) in [
        ("", Empty),
        (" \t\n", Empty),
        (&long, TooLong),
        (&"a".repeat(51), NoName),
        ("-contoso", NoName),
        ("con toso", NoName),
        ("contoso/project", NoName),
        ("cont\u{f6}so", NoName),
        ("ada@contoso", NoName),
        ("ada@contoso.example", OtherHost),
        ("https://github.com/contoso", OtherHost),
        ("https://dev.azure.com.evil.example/contoso", OtherHost),
        ("https://evildev.azure.com/contoso", OtherHost),
        ("https://dev.azure.com@evil.example/contoso", OtherHost),
        ("https://evil.example/dev.azure.com/contoso", OtherHost),
        (
            "https://evil.example\\@dev.azure.com/contoso",
            NoOrganization,
        ),
        ("https://contoso.visualstudio.com.evil.example", OtherHost),
        ("https://169.254.169.254/contoso", OtherHost),
        ("https://[::1]/contoso", OtherHost),
        ("http://localhost/contoso", OtherHost),
        ("javascript://dev.azure.com/contoso", OtherHost),
        ("file:///etc/passwd", OtherHost),
        ("https://", OtherHost),
        ("https://dev.azure.com", NoOrganization),
        ("https://dev.azure.com/", NoOrganization),
        ("https://dev.azure.com/..", NoOrganization),
        ("https://dev.azure.com/%2e%2e/contoso", NoOrganization),
        ("https://dev.azure.com/con%20toso", NoOrganization),
        ("https://app.vssps.visualstudio.com/_apis", NoOrganization),
        (
            "https://spsprodeus1.vssps.visualstudio.com/x",
            NoOrganization,
        ),
        ("https://visualstudio.com", OtherHost),
        ("git@ssh.dev.azure.com:v3", NoOrganization),
        ("git@github.com:v3/contoso", OtherHost),
    ] {
        let found = read(text);
        if text.contains('\\') {
            // Whatever the backslash is taken for: only a name can come out of it.
            assert!(found.as_deref().is_ok_and(|name| name == "contoso") || found.is_err());
            continue;
        }
        assert_eq!(found, Err(why), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_gives_a_valid_name_or_an_error(text in "\\PC{0,200}") {
        if let Ok(found) = Organization::from_pasted(&text) {
            prop_assert!(Organization::new(found.as_str()).is_ok());
            prop_assert!(text.to_lowercase().contains(&found.as_str().to_lowercase()));
        }
    }

    #[test]
    fn every_form_of_address_gives_its_organization(
        name in "[a-zA-Z0-9]([a-zA-Z0-9-]{0,20}[a-zA-Z0-9])?",
        project in "[a-zA-Z0-9%._-]{0,20}",
        user in "[a-z0-9.]{1,10}",
        form in 0..7usize,
    ) {
        let text = match form {
            0 => name.clone(),
            1 => format!("https://dev.azure.com/{name}/{project}"),
            2 => format!("https://{user}@dev.azure.com/{name}/{project}/_git/x"),
            3 => format!("git@ssh.dev.azure.com:v3/{name}/{project}/x"),
            4 => format!("vssps.dev.azure.com/{name}"),
            5 => format!("dev.azure.com/{name}?{project}"),
            _ => format!("ssh://git@ssh.dev.azure.com/v3/{name}/{project}/x"),
        };
        prop_assert_eq!(read(&text), Ok(name));
    }

    #[test]
    fn an_address_of_another_host_gives_nothing(
        host in "[a-z]{1,10}(\\.[a-z]{2,8}){1,2}",
        name in "[a-z]{1,10}",
    ) {
        prop_assume!(!is_new(&host) && !host.ends_with(OLD_DOMAIN));
        prop_assert_eq!(read(&format!("https://{host}/{name}")), Err(PastedError::OtherHost));
        let disguised = format!("https://dev.azure.com@{host}/{name}");
        prop_assert!(read(&disguised).is_err());
    }
}
