//! Data table: directories and people, all invented.

use uuid::Uuid;

use super::id_of;
use crate::directory::{Directory, PERSONAL_TENANT, Person};

/// Directory where users may consent themselves.
pub(super) fn contoso() -> Uuid {
    id_of("directory/contoso")
}

/// Directory whose administrators must approve apps.
pub(super) fn fabrikam() -> Uuid {
    id_of("directory/fabrikam")
}

/// Directory of a company that has no organization: its people are guests elsewhere.
pub(super) fn tailspin() -> Uuid {
    id_of("directory/tailspin")
}

/// Another directory where users may consent themselves.
pub(super) fn northwind() -> Uuid {
    id_of("directory/northwind")
}

/// The id of a seeded person.
pub(super) fn person(key: &str) -> Uuid {
    id_of(&format!("person/{key}"))
}

/// The directories.
pub(super) fn directories() -> Vec<Directory> {
    let directory = |id, name: &str, domain: &str, requires_admin_consent| Directory {
        id,
        name: name.into(),
        domain: domain.into(),
        requires_admin_consent,
    };
    vec![
        directory(contoso(), "Contoso", "contoso.example", false),
        directory(fabrikam(), "Fabrikam", "fabrikam.example", true),
        directory(tailspin(), "Tailspin", "tailspin.example", false),
        directory(northwind(), "Northwind", "northwind.example", false),
    ]
}

/// Everybody.
pub(super) fn people() -> Vec<Person> {
    let one = |key: &str, name: &str, mail: &str, home: Uuid, note: &str| Person {
        id: person(key),
        key: key.into(),
        name: name.into(),
        mail: mail.into(),
        home,
        guest_in: Vec::new(),
        is_admin: false,
        note: note.into(),
    };
    vec![
        Person {
            guest_in: vec![fabrikam()],
            ..one(
                "ada",
                "Ada Example",
                "ada@contoso.example",
                contoso(),
                "Several organizations: contoso-demo, contoso-labs. Guest at Fabrikam.",
            )
        },
        one(
            "grace",
            "Grace Sample",
            "grace@contoso.example",
            contoso(),
            "Exactly one organization: contoso-demo.",
        ),
        one(
            "edsger",
            "Edsger Muster",
            "edsger@contoso.example",
            contoso(),
            "No organization at all.",
        ),
        one(
            "margaret",
            "Margaret Specimen",
            "margaret@fabrikam.example",
            fabrikam(),
            "Her directory demands an administrator's approval.",
        ),
        Person {
            is_admin: true,
            ..one(
                "alan",
                "Alan Modell",
                "alan@fabrikam.example",
                fabrikam(),
                "Administrator of Fabrikam: may approve apps.",
            )
        },
        one(
            "katherine",
            "Katherine Privat",
            "katherine@outlook.example",
            PERSONAL_TENANT,
            "Personal account: refused for Azure DevOps.",
        ),
        Person {
            guest_in: vec![contoso(), northwind()],
            ..one(
                "dorothy",
                "Dorothy Gast",
                "dorothy@tailspin.example",
                tailspin(),
                "Guest in two directories: contoso-partners, northwind-traders. None of her own.",
            )
        },
        one(
            "radia",
            "Radia Beispiel",
            "radia@contoso.example",
            contoso(),
            "Her organization contoso-locked does not allow apps.",
        ),
    ]
}
