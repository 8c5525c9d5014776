//! Any JSON as a definition: it is read or refused, and what is read is checked to the end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use paragon_wire::ErrorDetail;
use paragon_workflow::{Catalog, Input, read, validate};
use serde_json::Value;

struct Empty;

impl Catalog for Empty {
    fn actions(&self) -> Vec<&str> {
        Vec::new()
    }
    fn parameters(&self, _: &str) -> Option<&Value> {
        None
    }
    fn output(&self, _: &str) -> Option<&Value> {
        None
    }
    fn check_format(&self, _: &str, _: &str) -> Result<(), String> {
        Ok(())
    }
    fn misfits(&self, _: &str, _: &Value, _: &str) -> Vec<ErrorDetail> {
        Vec::new()
    }
    fn check_cron(&self, _: &str) -> Result<(), String> {
        Ok(())
    }
    fn check_time_zone(&self, _: &str) -> Result<(), String> {
        Ok(())
    }
    fn secrets(&self) -> Vec<&str> {
        Vec::new()
    }
    fn shared_inputs(&self) -> &[Input] {
        &[]
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(definition) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    match read(&definition) {
        Ok(workflow) => {
            validate(&workflow, &Empty);
            let again = serde_json::to_value(&workflow).expect("json");
            assert_eq!(read(&again), Ok(workflow));
        }
        Err(problems) => assert!(!problems.is_empty()),
    }
});
