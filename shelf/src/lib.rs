//! What a submission may depend on: this package's dependencies, with the features that they have here.
//!
//! The package has no code. The grader builds it once, reads from cargo where the libraries are, and compiles
//! each submission against them, so that a submission cannot bring build scripts, macros or versions of its own, and
//! a class of three hundred does not compile `serde` three hundred times. A course that wants more names it in
//! its `grader.toml`.
