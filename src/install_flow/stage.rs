//! Which stage of an install flow comes next, as a pure function.

/// A stage of the flow, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The user picks how to connect.
    AccountType,
    /// The user reads what has to be done elsewhere first.
    Instruction,
    /// The user fills in what is needed before the account is connected.
    PreOptions,
    /// The user signs in, in a popup.
    OAuth,
    /// The user fills in what is needed afterwards.
    PostOptions,
    /// Nothing is left to do.
    Done,
}

impl Stage {
    /// Its name for the app.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AccountType => "accountType",
            Self::Instruction => "instruction",
            Self::PreOptions => "preOptions",
            Self::OAuth => "oauth",
            Self::PostOptions => "postOptions",
            Self::Done => "done",
        }
    }
}

/// One flag for each stage that can be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one answer for each stage: they do not depend on each other"
)]
pub(crate) struct Steps {
    /// An account type.
    pub(crate) account_type: bool,
    /// The instruction.
    pub(crate) instruction: bool,
    /// Inputs before connecting.
    pub(crate) pre_options: bool,
    /// The credential from the popup.
    pub(crate) oauth: bool,
    /// Inputs after connecting.
    pub(crate) post_options: bool,
}

/// The first stage that is `asked` for and not `given`.
pub(crate) fn next(asked: Steps, given: Steps) -> Stage {
    let open = |asked: bool, given: bool| asked && !given;
    if open(asked.account_type, given.account_type) {
        Stage::AccountType
    } else if open(asked.instruction, given.instruction) {
        Stage::Instruction
    } else if open(asked.pre_options, given.pre_options) {
        Stage::PreOptions
    } else if open(asked.oauth, given.oauth) {
        Stage::OAuth
    } else if open(asked.post_options, given.post_options) {
        Stage::PostOptions
    } else {
        Stage::Done
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NONE: Steps = steps([false; 5]);
    const ALL: Steps = steps([true; 5]);

    const fn steps(
        [account_type, instruction, pre_options, oauth, post_options]: [bool; 5],
    ) -> Steps {
        Steps {
            account_type,
            instruction,
            pre_options,
            oauth,
            post_options,
        }
    }

    /// `given` with what `stage` asks for.
    fn with(given: Steps, stage: Stage) -> Steps {
        match stage {
            Stage::AccountType => Steps {
                account_type: true,
                ..given
            },
            Stage::Instruction => Steps {
                instruction: true,
                ..given
            },
            Stage::PreOptions => Steps {
                pre_options: true,
                ..given
            },
            Stage::OAuth => Steps {
                oauth: true,
                ..given
            },
            Stage::PostOptions => Steps {
                post_options: true,
                ..given
            },
            Stage::Done => given,
        }
    }

    #[test]
    fn everything_is_asked_for_in_order() {
        let mut given = NONE;
        let mut names = Vec::new();
        for _ in 0..6 {
            let stage = next(ALL, given);
            names.push(stage.name());
            given = with(given, stage);
        }
        let order = [
            "accountType",
            "instruction",
            "preOptions",
            "oauth",
            "postOptions",
            "done",
        ];
        assert_eq!(names, order);
    }

    #[test]
    fn a_token_needs_no_popup() {
        let asked = steps([true, false, true, false, false]);
        let given = Steps {
            account_type: true,
            ..NONE
        };
        assert_eq!(next(asked, given), Stage::PreOptions);
        assert_eq!(next(asked, with(given, Stage::PreOptions)), Stage::Done);
    }

    proptest! {
        #[test]
        fn only_what_is_asked_for_and_not_given_comes(asked: [bool; 5], given: [bool; 5]) {
            let stage = next(steps(asked), steps(given));
            let first = (0..5).find(|index| asked[*index] && !given[*index]);
            prop_assert_eq!(stage as usize, first.unwrap_or(5));
        }

        #[test]
        fn answering_every_stage_ends_the_flow(asked: [bool; 5], given: [bool; 5]) {
            let (asked, mut given) = (steps(asked), steps(given));
            let mut last = -1;
            for _ in 0..6 {
                let stage = next(asked, given);
                prop_assert!(stage as i32 > last || stage == Stage::Done, "no stage comes twice or too late");
                last = stage as i32;
                given = with(given, stage);
            }
            prop_assert_eq!(next(asked, given), Stage::Done);
        }
    }
}
