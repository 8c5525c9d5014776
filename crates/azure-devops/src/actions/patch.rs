//! JSON Patch documents for work items.
//!
//! Sources: RFC 6902, RFC 6901; <https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/update>

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use paragon_workflow::below;

/// A link to another work item, or to anything that has an address.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRelation {
    /// Reference name of the kind of link: `System.LinkTypes.Hierarchy-Reverse` (parent), `System.LinkTypes.Related`, `Hyperlink` and others.
    #[schemars(length(min = 1, max = 128))]
    pub rel: String,
    /// The work item that is linked to. Either this or `url`.
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub work_item_id: Option<u32>,
    /// The address that is linked to.
    #[schemars(length(min = 1, max = 2048))]
    pub url: Option<String>,
    /// Attributes of the link, such as `comment`.
    pub attributes: Option<Map<String, Value>>,
}

impl NewRelation {
    /// The address that is linked to; `items` is the address that an item's id is put behind.
    pub fn target(&self, items: &str) -> String {
        match (&self.work_item_id, &self.url) {
            (Some(id), _) => format!("{items}{id}"),
            (None, url) => url.clone().unwrap_or_default(),
        }
    }
}

/// What is wrong with a relation, beside what its schema says.
pub fn relation_fault(relation: &NewRelation) -> Option<&'static str> {
    match (&relation.work_item_id, &relation.url) {
        (Some(_), Some(_)) => Some("has both `workItemId` and `url`; one of them is needed"),
        (None, None) => Some("needs `workItemId` or `url`"),
        _ => None,
    }
}

/// A document that grows: applied whole or not at all.
#[derive(Debug, Default)]
pub struct Patch(Vec<Value>);

impl Patch {
    /// Refuses the whole document unless the item is at this revision. Belongs first.
    pub fn test_revision(&mut self, revision: u32) {
        self.0
            .push(json!({"op": "test", "path": "/rev", "value": revision}));
    }

    /// Sets a field; `add` replaces what stands there.
    pub fn set_field(&mut self, name: &str, value: &Value) {
        self.0
            .push(json!({"op": "add", "path": below("/fields", name), "value": value}));
    }

    /// Empties a field.
    pub fn remove_field(&mut self, name: &str) {
        self.0
            .push(json!({"op": "remove", "path": below("/fields", name)}));
    }

    /// Adds a link; `items` is the address that an item's id is put behind.
    pub fn add_relation(&mut self, relation: &NewRelation, items: &str) {
        let mut value = json!({"rel": relation.rel, "url": relation.target(items)});
        if let Some(attributes) = &relation.attributes {
            value["attributes"] = json!(attributes);
        }
        self.0
            .push(json!({"op": "add", "path": "/relations/-", "value": value}));
    }

    /// Takes away the links at these places, the last one first: each removal moves those behind it.
    pub fn remove_relations(&mut self, places: &[u32]) {
        let mut places = places.to_vec();
        places.sort_unstable();
        places.dedup();
        for place in places.iter().rev() {
            self.0
                .push(json!({"op": "remove", "path": format!("/relations/{place}")}));
        }
    }

    /// The document.
    pub fn into_value(self) -> Value {
        Value::Array(self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_are_removed_from_the_end_and_once() {
        let mut patch = Patch::default();
        patch.remove_relations(&[0, 3, 1, 3]);
        let places: Vec<_> = patch.0.iter().map(|step| step["path"].clone()).collect();
        assert_eq!(places, ["/relations/3", "/relations/1", "/relations/0"]);
    }

    proptest! {
        /// Whatever the name, the pointer has two steps, and the second is the name.
        #[test]
        fn no_name_leads_out_of_the_fields(name in ".*") {
            let mut patch = Patch::default();
            patch.set_field(&name, &json!(1));
            let document = patch.into_value();
            let pointer = document[0]["path"].as_str().unwrap_or_default();
            let steps: Vec<_> = pointer.split('/').collect();
            prop_assert_eq!(steps.len(), 3);
            prop_assert_eq!(steps[1], "fields");
            prop_assert_eq!(steps[2].replace("~1", "/").replace("~0", "~"), name);
        }
    }
}
