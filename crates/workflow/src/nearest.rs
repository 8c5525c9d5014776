//! The name that was probably meant.

/// The name of `known` that is nearest to `wrong`, if one is near enough to be meant.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Nobody means a longer one, and the comparison takes the product of both lengths.
    const LONGEST: usize = 128;
    let wanted = wrong.to_lowercase();
    let length = wrong.chars().count();
    let most = (length / 3).max(2);
    let is_comparable = |name: &&str| length <= LONGEST && name.chars().count() <= LONGEST;
    known
        .into_iter()
        .filter(is_comparable)
        .map(|name| (strsim::osa_distance(&wanted, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= most && *distance < name.chars().count())
        .min()
        .map(|(_, name)| name)
}

/// `; did you mean …?`, or what there is when nothing is near.
pub fn hint<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    /// Names that are listed at most.
    const SHOWN: usize = 12;
    let mut known: Vec<&str> = known.into_iter().collect();
    if let Some(name) = nearest(wrong, known.iter().copied()) {
        return format!("; did you mean `{name}`?");
    }
    let more = if known.len() > SHOWN { ", …" } else { "" };
    known.truncate(SHOWN);
    if known.is_empty() {
        return "; none are defined".to_owned();
    }
    format!("; valid names are `{}`{more}", known.join("`, `"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_guessed_and_others_listed() {
        let known = ["email", "title", "workItems", "id"];
        assert_eq!(nearest("emial", known), Some("email"));
        assert_eq!(nearest("workitem", known), Some("workItems"));
        assert_eq!(nearest("xy", known), None);
        assert_eq!(hint("titel", known), "; did you mean `title`?");
        assert_eq!(hint("xyz", ["email"]), "; valid names are `email`");
        assert_eq!(hint("xyz", []), "; none are defined");
    }
}
