//! {{ title }}.
//!
//! Every function that is not written yet says so with `todo!()`, and a test that reaches one is reported as
//! "not implemented", with the place. Begin with the documentation of the modules.

// Delete this line when everything is written.
#![allow(dead_code, unused_variables, reason = "unfinished")]

{% for module in modules %}
pub mod {{ module }};
{% endfor %}

/// What this package implements. The grader starts here.
pub fn submission() -> contracts::Submission {
    contracts::Submission::new("{{ name }}")
{% for call in calls %}
        {{ call }}
{% endfor %}
}
