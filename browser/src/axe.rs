//! What axe-core has to say about a page.

use serde_json::Value;

/// Runs the rules and calls back with what they found; for `WebDriver`'s asynchronous scripts.
pub(crate) const RUN: &str = "const done = arguments[arguments.length - 1]; \
     axe.run(document, {resultTypes: ['violations']}) \
        .then(results => done(results.violations), error => done(String(error)));";

/// How bad a violation must be to count.
const SERIOUS: [&str; 2] = ["serious", "critical"];

/// What is serious in the answer of [`RUN`]: rule, help and the elements.
pub(crate) fn serious(answer: &Value) -> Vec<String> {
    let Some(violations) = answer.as_array() else { return vec![format!("axe failed: {answer}")] };
    let is_serious = |violation: &&Value| {
        violation["impact"].as_str().is_none_or(|impact| SERIOUS.contains(&impact))
    };
    violations.iter().filter(is_serious).map(words).collect()
}

fn words(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().into_iter().flatten();
    let nodes: Vec<String> =
        nodes.map(|node| format!("\n  {} {}", node["html"], node["failureSummary"])).collect();
    format!("{}: {}{}", violation["id"], violation["help"], nodes.concat())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_serious_or_not_understood_counts() {
        let answer = json!([
            {"id": "color-contrast", "impact": "serious", "help": "contrast", "nodes": [{"html": "<p>"}]},
            {"id": "region", "impact": "moderate", "help": "landmarks", "nodes": []},
        ]);
        let serious = serious(&answer);
        assert_eq!(serious.len(), 1);
        assert!(serious[0].starts_with("\"color-contrast\""), "{serious:?}");
        assert_eq!(super::serious(&json!("no axe")), ["axe failed: \"no axe\""]);
    }
}
