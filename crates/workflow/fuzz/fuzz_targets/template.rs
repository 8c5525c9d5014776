//! Any text as a template: it is read or refused within its bounds, fills in full, and escaping it gives it back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paragon_workflow::{Reference, Template, escape};
use serde_json::Value;

fuzz_target!(|text: &str| {
    match Template::parse(text) {
        Ok(template) => {
            for (reference, position) in template.references() {
                assert!(position < text.chars().count());
                assert_eq!(Reference::parse(&reference.to_string()).as_ref(), Ok(reference));
            }
            assert!(template.fill(|_| Ok::<_, ()>(Value::Null)).is_ok());
        }
        Err(error) => assert!(error.position <= text.chars().count()),
    }
    let escaped = Template::parse(&escape(text)).expect("an escaped text is a template");
    assert_eq!(escaped.fill(|_| Err(())), Ok(Value::String(text.to_owned())));
});
