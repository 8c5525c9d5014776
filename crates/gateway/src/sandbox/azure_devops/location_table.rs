//! Data table: resource locations, which the official clients ask for before their first call.

/// One resource location.
#[derive(Debug)]
pub(crate) struct Location {
    pub(crate) id: &'static str,
    pub(crate) area: &'static str,
    pub(crate) resource: &'static str,
    pub(crate) template: &'static str,
    pub(crate) resource_version: u32,
    pub(crate) min: &'static str,
    pub(crate) released: &'static str,
    pub(crate) max: &'static str,
}

/// Areas of an organisation with their ids.
pub(crate) const AREAS: &[(&str, &str)] = &[
    ("core", "79134c72-4a58-4b42-976c-04e7115f32bf"),
    ("wit", "5264459e-e5e0-4bd8-b118-0985e68a4ec5"),
];

/// Every location of the simulator.
pub(crate) const LOCATIONS: &[Location] = &[
    Location { id: "e81700f7-3be2-46de-8624-2eb35882fcaa", area: "Location", resource: "ResourceAreas", template: "_apis/{resource}/{areaId}", resource_version: 1, min: "3.2", released: "0.0", max: "7.2" },
    Location { id: "00d9565f-ed9c-4a06-9a50-00e7896ccab4", area: "Location", resource: "ConnectionData", template: "_apis/{resource}", resource_version: 1, min: "1.0", released: "0.0", max: "7.2" },
    Location { id: "603fe2ac-9723-48b9-88ad-09305aa6c6e1", area: "core", resource: "projects", template: "_apis/{resource}/{*projectId}", resource_version: 4, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "d30a3dd1-f8ba-442a-b86a-bd0c0c383e59", area: "core", resource: "teams", template: "_apis/projects/{projectId}/{resource}/{*teamId}", resource_version: 3, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "93878975-88c5-4e6a-8abb-7ddd77a8a7d8", area: "core", resource: "processes", template: "_apis/process/{resource}/{*processId}", resource_version: 1, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "1a9c53f7-f243-4447-b110-35ef023636e4", area: "wit", resource: "wiql", template: "{project}/{team}/_apis/{area}/{resource}", resource_version: 2, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "a02355f5-5f8a-4671-8e32-369d23aac83d", area: "wit", resource: "wiql", template: "{project}/{team}/_apis/{area}/{resource}/{id}", resource_version: 2, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "62d3d110-0047-428c-ad3c-4fe872c91c74", area: "wit", resource: "workItems", template: "{project}/_apis/{area}/{resource}/${type}", resource_version: 3, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "72c7ddf8-2cdc-4f60-90cd-ab71c14a399b", area: "wit", resource: "workItems", template: "{project}/_apis/{area}/{resource}/{id}", resource_version: 3, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "908509b6-4248-4475-a1cd-829139ba419f", area: "wit", resource: "workItemsBatch", template: "{project}/_apis/{area}/{resource}", resource_version: 1, min: "5.0", released: "7.1", max: "7.2" },
    Location { id: "8bc57545-27e5-420d-b709-f6e3ebcc1fc1", area: "wit", resource: "workItemsDelete", template: "{project}/_apis/{area}/{resource}", resource_version: 1, min: "7.1", released: "7.1", max: "7.2" },
    Location { id: "b70d8d39-926c-465e-b927-b1bf0e5ca0e0", area: "wit", resource: "recyclebin", template: "{project}/_apis/{area}/{resource}/{id}", resource_version: 2, min: "2.1", released: "7.1", max: "7.2" },
    Location { id: "7c8d7a76-4a09-43e8-b5df-bd792f4ac6aa", area: "wit", resource: "workItemTypes", template: "{project}/_apis/{area}/{resource}/{type}", resource_version: 2, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "7c9d7a76-4a09-43e8-b5df-bd792f4ac6aa", area: "wit", resource: "workItemTypeStates", template: "{project}/_apis/{area}/workitemtypes/{type}/states", resource_version: 1, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "bd293ce5-3d25-4192-8e67-e8092e879efb", area: "wit", resource: "workItemTypesField", template: "{project}/_apis/{area}/workitemtypes/{type}/fields/{field}", resource_version: 3, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "b51fd764-e5c2-4b9b-aaf7-3395cf4bdd94", area: "wit", resource: "fields", template: "{project}/_apis/{area}/{resource}/{fieldNameOrRefName}", resource_version: 3, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "a70579d1-f53a-48ee-a5be-7be8659023b9", area: "wit", resource: "classificationNodes", template: "{project}/_apis/{area}/{resource}", resource_version: 2, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "5a172953-1b41-49d3-840a-33f79c3ce89f", area: "wit", resource: "classificationNodes", template: "{project}/_apis/{area}/{resource}/{structureGroup}/{*path}", resource_version: 2, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "608aac0a-32e1-4493-a863-b9cf4566d257", area: "wit", resource: "comments", template: "{project}/_apis/wit/workItems/{workItemId}/comments/{commentId}", resource_version: 4, min: "5.1", released: "0.0", max: "7.2" },
    Location { id: "a00c85a5-80fa-4565-99c3-bcd2181434bb", area: "wit", resource: "revisions", template: "{project}/_apis/{area}/workItems/{id}/revisions/{revisionNumber}", resource_version: 3, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "6570bf97-d02c-4a91-8d93-3abe9895b1a9", area: "wit", resource: "updates", template: "{project}/_apis/{area}/workItems/{id}/updates/{updateNumber}", resource_version: 4, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "f5d33bc9-5b49-4a3c-a9bd-f3cd46dd2165", area: "wit", resource: "workItemRelationTypes", template: "_apis/{area}/{resource}/{relation}", resource_version: 2, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "92eefc1f-1e81-473d-88d6-749205248dc3", area: "wit", resource: "batch", template: "_apis/{area}/${resource}", resource_version: 2, min: "1.0", released: "7.1", max: "7.2" },
    Location { id: "e07b5fa4-1499-494d-a496-64b860fd64ff", area: "wit", resource: "attachments", template: "{project}/_apis/{area}/{resource}/{id}", resource_version: 4, min: "1.0", released: "7.1", max: "7.2" },
];
