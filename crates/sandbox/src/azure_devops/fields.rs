//! Data table: the work item fields.

use super::process::TypeDefinition;

/// Type of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One line of text.
    Text,
    /// Whole number.
    Integer,
    /// Number with a fraction.
    Double,
    /// Moment in UTC.
    DateTime,
    /// Several lines of HTML.
    Html,
    /// `Node\Sub node`.
    TreePath,
    /// The comment of a save.
    History,
    /// Somebody.
    Identity,
    /// Tags, separated by `; `.
    Tags,
    /// Yes or no.
    Boolean,
}

impl Kind {
    /// The name in answers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Identity => "string",
            Self::Integer => "integer",
            Self::Double => "double",
            Self::DateTime => "dateTime",
            Self::Html => "html",
            Self::TreePath => "treePath",
            Self::History => "history",
            Self::Tags => "plainText",
            Self::Boolean => "boolean",
        }
    }
}

/// One field.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) reference_name: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) read_only: bool,
}

const fn field(reference_name: &'static str, name: &'static str, kind: Kind) -> Field {
    Field {
        reference_name,
        name,
        kind,
        read_only: false,
    }
}

const fn fixed(reference_name: &'static str, name: &'static str, kind: Kind) -> Field {
    Field {
        reference_name,
        name,
        kind,
        read_only: true,
    }
}

/// Every field of the simulator.
pub(crate) const FIELDS: &[Field] = &[
    fixed("System.Id", "ID", Kind::Integer),
    fixed("System.Rev", "Rev", Kind::Integer),
    field("System.AreaPath", "Area Path", Kind::TreePath),
    fixed("System.AreaId", "Area ID", Kind::Integer),
    fixed("System.NodeName", "Node Name", Kind::Text),
    field("System.IterationPath", "Iteration Path", Kind::TreePath),
    fixed("System.IterationId", "Iteration ID", Kind::Integer),
    field("System.TeamProject", "Team Project", Kind::Text),
    field("System.WorkItemType", "Work Item Type", Kind::Text),
    field("System.State", "State", Kind::Text),
    field("System.Reason", "Reason", Kind::Text),
    field("System.Title", "Title", Kind::Text),
    field("System.AssignedTo", "Assigned To", Kind::Identity),
    fixed("System.CreatedDate", "Created Date", Kind::DateTime),
    fixed("System.CreatedBy", "Created By", Kind::Identity),
    fixed("System.ChangedDate", "Changed Date", Kind::DateTime),
    fixed("System.ChangedBy", "Changed By", Kind::Identity),
    fixed("System.AuthorizedDate", "Authorized Date", Kind::DateTime),
    fixed("System.RevisedDate", "Revised Date", Kind::DateTime),
    fixed("System.CommentCount", "Comment Count", Kind::Integer),
    fixed("System.Parent", "Parent", Kind::Integer),
    field("System.Description", "Description", Kind::Html),
    field("System.History", "History", Kind::History),
    field("System.Tags", "Tags", Kind::Tags),
    fixed("System.BoardColumn", "Board Column", Kind::Text),
    fixed("System.Watermark", "Watermark", Kind::Integer),
    field("Microsoft.VSTS.Common.Priority", "Priority", Kind::Integer),
    field("Microsoft.VSTS.Common.Severity", "Severity", Kind::Text),
    field("Microsoft.VSTS.Common.Activity", "Activity", Kind::Text),
    field("Microsoft.VSTS.Common.Risk", "Risk", Kind::Text),
    field("Microsoft.VSTS.Common.ValueArea", "Value Area", Kind::Text),
    field(
        "Microsoft.VSTS.Common.BusinessValue",
        "Business Value",
        Kind::Integer,
    ),
    field(
        "Microsoft.VSTS.Common.AcceptanceCriteria",
        "Acceptance Criteria",
        Kind::Html,
    ),
    field(
        "Microsoft.VSTS.Common.StackRank",
        "Stack Rank",
        Kind::Double,
    ),
    field(
        "Microsoft.VSTS.Common.BacklogPriority",
        "Backlog Priority",
        Kind::Double,
    ),
    field("Microsoft.VSTS.CMMI.Blocked", "Blocked", Kind::Text),
    fixed(
        "Microsoft.VSTS.Common.StateChangeDate",
        "State Change Date",
        Kind::DateTime,
    ),
    fixed(
        "Microsoft.VSTS.Common.ActivatedDate",
        "Activated Date",
        Kind::DateTime,
    ),
    fixed(
        "Microsoft.VSTS.Common.ActivatedBy",
        "Activated By",
        Kind::Identity,
    ),
    fixed(
        "Microsoft.VSTS.Common.ClosedDate",
        "Closed Date",
        Kind::DateTime,
    ),
    fixed(
        "Microsoft.VSTS.Common.ClosedBy",
        "Closed By",
        Kind::Identity,
    ),
    field(
        "Microsoft.VSTS.Scheduling.StoryPoints",
        "Story Points",
        Kind::Double,
    ),
    field("Microsoft.VSTS.Scheduling.Effort", "Effort", Kind::Double),
    field(
        "Microsoft.VSTS.Scheduling.RemainingWork",
        "Remaining Work",
        Kind::Double,
    ),
    field(
        "Microsoft.VSTS.Scheduling.OriginalEstimate",
        "Original Estimate",
        Kind::Double,
    ),
    field(
        "Microsoft.VSTS.Scheduling.CompletedWork",
        "Completed Work",
        Kind::Double,
    ),
    field(
        "Microsoft.VSTS.Scheduling.StartDate",
        "Start Date",
        Kind::DateTime,
    ),
    field(
        "Microsoft.VSTS.Scheduling.TargetDate",
        "Target Date",
        Kind::DateTime,
    ),
    field(
        "Microsoft.VSTS.Scheduling.DueDate",
        "Due Date",
        Kind::DateTime,
    ),
    field("Microsoft.VSTS.TCM.ReproSteps", "Repro Steps", Kind::Html),
    field("Microsoft.VSTS.TCM.SystemInfo", "System Info", Kind::Html),
    field("Microsoft.VSTS.Build.FoundIn", "Found In", Kind::Text),
    field(
        "Microsoft.VSTS.Build.IntegrationBuild",
        "Integration Build",
        Kind::Text,
    ),
    field("Custom.CustomerVisible", "Customer Visible", Kind::Boolean),
];

/// Fields that every type has.
const COMMON: &[&str] = &[
    "System.Id",
    "System.Rev",
    "System.AreaPath",
    "System.AreaId",
    "System.IterationPath",
    "System.IterationId",
    "System.TeamProject",
    "System.WorkItemType",
    "System.State",
    "System.Reason",
    "System.Title",
    "System.AssignedTo",
    "System.CreatedDate",
    "System.CreatedBy",
    "System.ChangedDate",
    "System.ChangedBy",
    "System.CommentCount",
    "System.Parent",
    "System.Description",
    "System.History",
    "System.Tags",
    "Microsoft.VSTS.Common.Priority",
    "Microsoft.VSTS.Common.StateChangeDate",
    "Custom.CustomerVisible",
];

/// The field with this reference name or display name.
pub(crate) fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|one| {
        one.reference_name.eq_ignore_ascii_case(name) || one.name.eq_ignore_ascii_case(name)
    })
}

/// The fields of a work item type.
pub(crate) fn of_type(definition: &TypeDefinition) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(|one| {
        COMMON.contains(&one.reference_name) || definition.fields.contains(&one.reference_name)
    })
}

/// The values a field is limited to, empty when it is not.
pub(crate) fn allowed_values(reference_name: &str) -> &'static [&'static str] {
    match reference_name {
        "Microsoft.VSTS.Common.Priority" => &["1", "2", "3", "4"],
        "Microsoft.VSTS.Common.Severity" => &["1 - Critical", "2 - High", "3 - Medium", "4 - Low"],
        "Microsoft.VSTS.Common.Activity" => &[
            "Deployment",
            "Design",
            "Development",
            "Documentation",
            "Requirements",
            "Testing",
        ],
        "Microsoft.VSTS.Common.Risk" => &["1 - High", "2 - Medium", "3 - Low"],
        "Microsoft.VSTS.Common.ValueArea" => &["Architectural", "Business"],
        "Microsoft.VSTS.CMMI.Blocked" => &["No", "Yes"],
        _ => &[],
    }
}

/// The value a new item has when none is given.
pub(crate) fn default_value(reference_name: &str) -> Option<serde_json::Value> {
    match reference_name {
        "Microsoft.VSTS.Common.Priority" => Some(2.into()),
        "Microsoft.VSTS.Common.Severity" => Some("3 - Medium".into()),
        "Microsoft.VSTS.Common.ValueArea" => Some("Business".into()),
        _ => None,
    }
}
