//! Whether JSON is as its schema says.

#![allow(dead_code, reason = "each test takes what it needs")]

use jsonschema::Validator;
use serde_json::Value;

/// A schema, which is one itself.
pub(crate) fn schema(text: &str) -> Validator {
    let schema: Value = serde_json::from_str(text).expect("JSON");
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is a schema");
    jsonschema::draft202012::new(&schema).expect("a schema")
}

/// What `schema` has against `json`, one line a fault.
pub(crate) fn faults(schema: &Validator, json: &Value) -> Vec<String> {
    schema.iter_errors(json).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The JSON in `text`, which obeys `schema`.
pub(crate) fn obeys(schema: &Validator, text: &str) -> Value {
    let json = serde_json::from_str(text).expect("JSON");
    assert_eq!(faults(schema, &json), [""; 0]);
    json
}
