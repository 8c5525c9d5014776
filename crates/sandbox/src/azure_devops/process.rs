//! Data table: the processes, their work item types and states.

/// A process template.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) is_default: bool,
    pub(crate) types: &'static [TypeDefinition],
}

/// A work item type.
#[derive(Debug)]
pub(crate) struct TypeDefinition {
    pub(crate) name: &'static str,
    pub(crate) reference_name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) color: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) states: &'static [StateDefinition],
    /// Fields beside those every type has.
    pub(crate) fields: &'static [&'static str],
}

impl TypeDefinition {
    /// A state by name.
    pub(crate) fn state(&self, name: &str) -> Option<&'static StateDefinition> {
        self.states
            .iter()
            .find(|state| state.name.eq_ignore_ascii_case(name))
    }

    /// Whether items may go from one state to another: everywhere but out of a removed state, which only reopens.
    pub(crate) fn allows(&self, from: &str, to: &str) -> bool {
        match (self.state(from), self.state(to)) {
            (_, None) => false,
            (Some(from), Some(to)) if from.category == "Removed" => {
                to.category == "Proposed" || to.name == from.name
            }
            _ => true,
        }
    }
}

/// A state of a type.
#[derive(Debug)]
pub(crate) struct StateDefinition {
    pub(crate) name: &'static str,
    pub(crate) color: &'static str,
    pub(crate) category: &'static str,
}

const fn state(name: &'static str, color: &'static str, category: &'static str) -> StateDefinition {
    StateDefinition {
        name,
        color,
        category,
    }
}

const BASIC_STATES: &[StateDefinition] = &[
    state("To Do", "b2b2b2", "Proposed"),
    state("Doing", "007acc", "InProgress"),
    state("Done", "339933", "Completed"),
];
const AGILE_STATES: &[StateDefinition] = &[
    state("New", "b2b2b2", "Proposed"),
    state("Active", "007acc", "InProgress"),
    state("Resolved", "ff9d00", "Resolved"),
    state("Closed", "339933", "Completed"),
    state("Removed", "ffffff", "Removed"),
];
const AGILE_TASK_STATES: &[StateDefinition] = &[
    state("New", "b2b2b2", "Proposed"),
    state("Active", "007acc", "InProgress"),
    state("Closed", "339933", "Completed"),
    state("Removed", "ffffff", "Removed"),
];
const AGILE_BUG_STATES: &[StateDefinition] = &[
    state("New", "b2b2b2", "Proposed"),
    state("Active", "007acc", "InProgress"),
    state("Resolved", "ff9d00", "Resolved"),
    state("Closed", "339933", "Completed"),
];
const AGILE_ISSUE_STATES: &[StateDefinition] = &[
    state("Active", "007acc", "InProgress"),
    state("Closed", "339933", "Completed"),
];
const SCRUM_EPIC_STATES: &[StateDefinition] = &[
    state("New", "b2b2b2", "Proposed"),
    state("In Progress", "007acc", "InProgress"),
    state("Done", "339933", "Completed"),
    state("Removed", "ffffff", "Removed"),
];
const SCRUM_BACKLOG_STATES: &[StateDefinition] = &[
    state("New", "b2b2b2", "Proposed"),
    state("Approved", "b2b2b2", "Proposed"),
    state("Committed", "007acc", "InProgress"),
    state("Done", "339933", "Completed"),
    state("Removed", "ffffff", "Removed"),
];
const SCRUM_TASK_STATES: &[StateDefinition] = &[
    state("To Do", "b2b2b2", "Proposed"),
    state("In Progress", "007acc", "InProgress"),
    state("Done", "339933", "Completed"),
    state("Removed", "ffffff", "Removed"),
];
const IMPEDIMENT_STATES: &[StateDefinition] = &[
    state("Open", "b2b2b2", "Proposed"),
    state("Closed", "339933", "Completed"),
];

const PLANNING: &[&str] = &[
    "Microsoft.VSTS.Common.StackRank",
    "Microsoft.VSTS.Common.ValueArea",
    "Microsoft.VSTS.Common.BusinessValue",
    "Microsoft.VSTS.Common.Risk",
    "Microsoft.VSTS.Scheduling.Effort",
    "Microsoft.VSTS.Scheduling.StartDate",
    "Microsoft.VSTS.Scheduling.TargetDate",
];
const STORY: &[&str] = &[
    "Microsoft.VSTS.Common.StackRank",
    "Microsoft.VSTS.Common.ValueArea",
    "Microsoft.VSTS.Common.Risk",
    "Microsoft.VSTS.Common.AcceptanceCriteria",
    "Microsoft.VSTS.Scheduling.StoryPoints",
    "Microsoft.VSTS.Scheduling.Effort",
    "Microsoft.VSTS.Common.BacklogPriority",
];
const TASK: &[&str] = &[
    "Microsoft.VSTS.Common.Activity",
    "Microsoft.VSTS.Scheduling.RemainingWork",
    "Microsoft.VSTS.Scheduling.OriginalEstimate",
    "Microsoft.VSTS.Scheduling.CompletedWork",
    "Microsoft.VSTS.Common.StackRank",
    "Microsoft.VSTS.CMMI.Blocked",
    "Microsoft.VSTS.Build.IntegrationBuild",
    "Microsoft.VSTS.Scheduling.StartDate",
    "Microsoft.VSTS.Scheduling.DueDate",
];
const BUG: &[&str] = &[
    "Microsoft.VSTS.Common.Severity",
    "Microsoft.VSTS.Common.ValueArea",
    "Microsoft.VSTS.TCM.ReproSteps",
    "Microsoft.VSTS.TCM.SystemInfo",
    "Microsoft.VSTS.Build.FoundIn",
    "Microsoft.VSTS.Common.StackRank",
    "Microsoft.VSTS.Scheduling.RemainingWork",
    "Microsoft.VSTS.Scheduling.StoryPoints",
    "Microsoft.VSTS.Common.Activity",
];

macro_rules! kind {
    ($name:literal, $reference:literal, $color:literal, $icon:literal, $states:expr, $fields:expr, $description:literal) => {
        TypeDefinition {
            name: $name,
            reference_name: $reference,
            description: $description,
            color: $color,
            icon: $icon,
            states: $states,
            fields: $fields,
        }
    };
}

const BASIC_TYPES: &[TypeDefinition] = &[
    kind!(
        "Epic",
        "Microsoft.VSTS.WorkItemTypes.Epic",
        "E06C00",
        "icon_crown",
        BASIC_STATES,
        PLANNING,
        "A large piece of work that spans several sprints."
    ),
    kind!(
        "Issue",
        "Microsoft.VSTS.WorkItemTypes.Issue",
        "009CCC",
        "icon_clipboard_issue",
        BASIC_STATES,
        STORY,
        "Something that needs attention."
    ),
    kind!(
        "Task",
        "Microsoft.VSTS.WorkItemTypes.Task",
        "A4880A",
        "icon_clipboard",
        BASIC_STATES,
        TASK,
        "Work that can be done in a day or two."
    ),
];
const AGILE_TYPES: &[TypeDefinition] = &[
    kind!(
        "Epic",
        "Microsoft.VSTS.WorkItemTypes.Epic",
        "E06C00",
        "icon_crown",
        AGILE_STATES,
        PLANNING,
        "A business initiative."
    ),
    kind!(
        "Feature",
        "Microsoft.VSTS.WorkItemTypes.Feature",
        "773B93",
        "icon_trophy",
        AGILE_STATES,
        PLANNING,
        "Something that can be released."
    ),
    kind!(
        "User Story",
        "Microsoft.VSTS.WorkItemTypes.UserStory",
        "009CCC",
        "icon_book",
        AGILE_STATES,
        STORY,
        "What a user wants to reach."
    ),
    kind!(
        "Task",
        "Microsoft.VSTS.WorkItemTypes.Task",
        "F2CB1D",
        "icon_clipboard",
        AGILE_TASK_STATES,
        TASK,
        "Work that is needed for a story."
    ),
    kind!(
        "Bug",
        "Microsoft.VSTS.WorkItemTypes.Bug",
        "CC293D",
        "icon_insect",
        AGILE_BUG_STATES,
        BUG,
        "Something does not work as promised."
    ),
    kind!(
        "Issue",
        "Microsoft.VSTS.WorkItemTypes.Issue",
        "B4009E",
        "icon_clipboard_issue",
        AGILE_ISSUE_STATES,
        TASK,
        "Something that stands in the way."
    ),
];
const SCRUM_TYPES: &[TypeDefinition] = &[
    kind!(
        "Epic",
        "Microsoft.VSTS.WorkItemTypes.Epic",
        "E06C00",
        "icon_crown",
        SCRUM_EPIC_STATES,
        PLANNING,
        "A business initiative."
    ),
    kind!(
        "Feature",
        "Microsoft.VSTS.WorkItemTypes.Feature",
        "773B93",
        "icon_trophy",
        SCRUM_EPIC_STATES,
        PLANNING,
        "Something that can be released."
    ),
    kind!(
        "Product Backlog Item",
        "Microsoft.VSTS.WorkItemTypes.ProductBacklogItem",
        "009CCC",
        "icon_list",
        SCRUM_BACKLOG_STATES,
        STORY,
        "What a user wants to reach."
    ),
    kind!(
        "Task",
        "Microsoft.VSTS.WorkItemTypes.Task",
        "F2CB1D",
        "icon_clipboard",
        SCRUM_TASK_STATES,
        TASK,
        "Work that is needed for a backlog item."
    ),
    kind!(
        "Bug",
        "Microsoft.VSTS.WorkItemTypes.Bug",
        "CC293D",
        "icon_insect",
        SCRUM_BACKLOG_STATES,
        BUG,
        "Something does not work as promised."
    ),
    kind!(
        "Impediment",
        "Microsoft.VSTS.WorkItemTypes.Impediment",
        "B4009E",
        "icon_traffic_cone",
        IMPEDIMENT_STATES,
        TASK,
        "Something that stands in the way."
    ),
];

/// The simple process.
pub(crate) static BASIC: Process = Process {
    id: "b8a3a935-7e91-48b8-a94c-606d37c3e9f2",
    name: "Basic",
    is_default: true,
    types: BASIC_TYPES,
    description: "For teams that want the simplest model: epics, issues and tasks.",
};
/// The process with user stories.
pub(crate) static AGILE: Process = Process {
    id: "adcc42ab-9882-485e-a3ed-7678f01f66bc",
    name: "Agile",
    is_default: false,
    types: AGILE_TYPES,
    description: "For teams that plan with user stories and track bugs on their own.",
};
/// The process with product backlog items.
pub(crate) static SCRUM: Process = Process {
    id: "6b724908-ef14-45cf-84f8-768b5384da45",
    name: "Scrum",
    is_default: false,
    types: SCRUM_TYPES,
    description: "For teams that follow Scrum.",
};
/// All processes.
pub(crate) static PROCESSES: [&Process; 3] = [&BASIC, &AGILE, &SCRUM];
