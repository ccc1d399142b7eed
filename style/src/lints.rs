//! The lints that are looked for: about habits of style that the language has agreed on, and about
//! likely mistakes in code like that of the labs.
//!
//! They are named one by one, not by clippy's groups, so that a new toolchain does not change what a
//! submission is worth. What the compiler warns about of its own accord counts as well. An attribute
//! `allow` or `expect` is respected if it gives its reason.

/// A lint, or a group of the compiler's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looked {
    /// Its name: `clippy::needless_return`.
    pub lint: &'static str,
    /// Why it is looked for.
    pub why: &'static str,
    /// Whether an attribute cannot switch it off.
    pub even_if_allowed: bool,
}

const fn look(lint: &'static str, why: &'static str) -> Looked {
    Looked { lint, why, even_if_allowed: false }
}

/// All of them, in the order in which the compiler is told.
pub const LOOKED_FOR: &[Looked] = &[
    // The compiler's own, apart from what it warns about anyway.
    look("missing_docs", "what others may call is described"),
    look("unused", "what is not used is noise, and a result that is ignored hides an error"),
    look("nonstandard_style", "names tell types, constants and values apart"),
    // Silence.
    Looked {
        lint: "clippy::allow_attributes_without_reason",
        why: "an exception says why it is one",
        even_if_allowed: true,
    },
    // What is probably a mistake.
    look("clippy::absurd_extreme_comparisons", "a comparison that is always the same"),
    look("clippy::almost_swapped", "two assignments that do not swap"),
    look("clippy::arc_with_non_send_sync", "an `Arc` that no other thread can have"),
    look("clippy::await_holding_lock", "a lock that is held while others run"),
    look("clippy::bad_bit_mask", "a mask that makes the comparison constant"),
    look("clippy::cmp_owned", "a copy made only to be compared"),
    look("clippy::derive_ord_xor_partial_ord", "two orders that may differ"),
    look("clippy::derived_hash_with_manual_eq", "equal values with different hashes"),
    look("clippy::drop_non_drop", "a drop that does nothing"),
    look("clippy::empty_loop", "a loop that burns a processor"),
    look("clippy::eq_op", "the same on both sides"),
    look("clippy::erasing_op", "a product that is always 0"),
    look("clippy::exit", "a library that ends the process"),
    look("clippy::float_cmp", "floating-point numbers compared exactly"),
    look("clippy::if_same_then_else", "two branches that do the same"),
    look("clippy::ifs_same_cond", "a condition that was asked before"),
    look("clippy::implicit_saturating_sub", "a subtraction guarded by hand: `saturating_sub`"),
    look("clippy::infallible_destructuring_match", "a match with one arm: a `let`"),
    look("clippy::infinite_iter", "an iterator without an end"),
    look("clippy::iter_next_loop", "a loop over the first element only"),
    look("clippy::let_underscore_lock", "a lock that is released at once"),
    look("clippy::mem_replace_with_default", "`mem::take` says it"),
    look("clippy::min_max", "bounds the wrong way round"),
    look("clippy::mut_mutex_lock", "a lock taken where the borrow checker has done it"),
    look("clippy::mutable_key_type", "a key that may change in its map"),
    look("clippy::mutex_atomic", "a lock around one number: an atomic"),
    look("clippy::never_loop", "a loop that never repeats"),
    look("clippy::nonminimal_bool", "a condition that is harder than it needs to be"),
    look("clippy::option_env_unwrap", "an environment that is known only while building"),
    look("clippy::out_of_bounds_indexing", "an index that is never there"),
    look("clippy::overly_complex_bool_expr", "a part of a condition that changes nothing"),
    look("clippy::print_stderr", "a library logs with `tracing`"),
    look("clippy::print_stdout", "a library logs with `tracing`"),
    look("clippy::range_plus_one", "`a..b + 1`: `a..=b`"),
    look("clippy::rc_mutex", "an `Rc` that no other thread can have, with a lock"),
    look("clippy::reversed_empty_ranges", "a range without elements"),
    look("clippy::same_functions_in_if_condition", "a condition that was asked before"),
    look("clippy::self_assignment", "an assignment that changes nothing"),
    look("clippy::suspicious_arithmetic_impl", "an operator that does what another is for"),
    look("clippy::suspicious_assignment_formatting", "`=-` where `-=` may be meant"),
    look("clippy::suspicious_else_formatting", "an `else` that may be missing"),
    look("clippy::suspicious_unary_op_formatting", "an operator that looks like another"),
    look("clippy::unused_io_amount", "a read or write that may have been partial"),
    look("clippy::while_immutable_condition", "a loop that cannot end"),
    look("clippy::zombie_processes", "a process that nobody waits for"),
    // What the language has a plainer word for.
    look("clippy::assign_op_pattern", "`a = a + b`: `a += b`"),
    look("clippy::blocks_in_conditions", "a condition with a block in it"),
    look("clippy::bool_assert_comparison", "an assertion about `true`"),
    look("clippy::bool_comparison", "a comparison with `true`"),
    look("clippy::clone_on_copy", "a clone of a plain value"),
    look("clippy::collapsible_else_if", "`else { if … }`: `else if`"),
    look("clippy::collapsible_if", "two conditions that are one"),
    look("clippy::comparison_to_empty", "a comparison with \"\": `is_empty`"),
    look("clippy::duration_subsec", "a conversion that `Duration` has"),
    look("clippy::explicit_counter_loop", "a counter: `enumerate`"),
    look("clippy::explicit_into_iter_loop", "`.into_iter()` that `for` adds"),
    look("clippy::explicit_iter_loop", "`.iter()` where `&` does"),
    look("clippy::for_kv_map", "half of each pair: `keys` or `values`"),
    look("clippy::identity_op", "an operation that changes nothing"),
    look("clippy::int_plus_one", "`a >= b + 1`: `a > b`"),
    look("clippy::iter_nth_zero", "`nth(0)`: `next`"),
    look("clippy::len_zero", "`len() == 0`: `is_empty`"),
    look("clippy::let_and_return", "a variable that is returned at once"),
    look("clippy::let_unit_value", "a variable that holds nothing"),
    look("clippy::manual_filter_map", "`filter` and `map`: `filter_map`"),
    look("clippy::manual_find", "a loop that looks for something: `find`"),
    look("clippy::manual_flatten", "a loop over what is there: `flatten`"),
    look("clippy::manual_let_else", "a match that gives up: `let … else`"),
    look("clippy::manual_map", "a match that maps: `map`"),
    look("clippy::manual_memcpy", "a loop that copies: `copy_from_slice`"),
    look("clippy::manual_range_contains", "two comparisons: `contains`"),
    look("clippy::manual_strip", "a prefix cut by its length: `strip_prefix`"),
    look("clippy::manual_swap", "three assignments: `swap`"),
    look("clippy::manual_unwrap_or_default", "a match with a default: `unwrap_or_default`"),
    look("clippy::map_clone", "`map(clone)`: `cloned`"),
    look("clippy::map_entry", "a map that is asked twice: `entry`"),
    look("clippy::match_like_matches_macro", "a match that gives a truth value: `matches!`"),
    look("clippy::match_ref_pats", "a match with `&` in each arm"),
    look("clippy::needless_bool", "`if x { true } else { false }`"),
    look("clippy::needless_borrow", "a reference that the compiler adds"),
    look("clippy::needless_lifetimes", "a lifetime that the compiler knows"),
    look("clippy::needless_range_loop", "a loop over indices: over elements"),
    look("clippy::needless_return", "`return` at the end of a function"),
    look("clippy::neg_multiply", "a product with -1"),
    look("clippy::op_ref", "references made only to be compared"),
    look("clippy::question_mark", "a match that passes errors on: `?`"),
    look("clippy::redundant_clone", "a clone of what is not needed any more"),
    look("clippy::redundant_closure", "a closure that only calls a function"),
    look("clippy::redundant_field_names", "`x: x`"),
    look("clippy::redundant_pattern_matching", "a pattern: `is_some`, `is_ok`"),
    look("clippy::redundant_static_lifetimes", "`'static` where it goes without saying"),
    look("clippy::search_is_some", "`find(…).is_some()`: `any`"),
    look("clippy::semicolon_if_nothing_returned", "a statement without its semicolon"),
    look("clippy::single_match", "a match with one arm of interest: `if let`"),
    look("clippy::toplevel_ref_arg", "`ref` where `&` is meant"),
    look("clippy::unnecessary_cast", "a cast to the same type"),
    look("clippy::unnecessary_fold", "a fold that has a name: `sum`, `any`"),
    look("clippy::unnecessary_lazy_evaluations", "a closure around a constant"),
    look("clippy::unnecessary_unwrap", "an `unwrap` after a check: `if let`"),
    look("clippy::unneeded_field_pattern", "a pattern with `_` for each field: `..`"),
    look("clippy::unused_unit", "`-> ()`"),
    look("clippy::useless_conversion", "a conversion into the same type"),
    look("clippy::useless_format", "`format!` of a plain text"),
    look("clippy::useless_vec", "a `vec!` where an array does"),
    look("clippy::while_let_loop", "a loop that begins with a match: `while let`"),
    look("clippy::while_let_on_iterator", "`while let Some(x) = it.next()`: `for`"),
    look("clippy::wildcard_imports", "names that come from nowhere"),
    // What others will trip over.
    look("clippy::cognitive_complexity", "a function that does too much at once"),
    look("clippy::enum_variant_names", "variants that repeat their type's name"),
    look("clippy::large_enum_variant", "one variant that makes all of them large"),
    look("clippy::module_inception", "a module in a module of the same name"),
    look("clippy::new_without_default", "`new` without arguments: `Default`"),
    look("clippy::ptr_arg", "`&Vec` and `&String` as arguments: slices"),
    look("clippy::should_implement_trait", "a method that is called like a trait's"),
    look("clippy::too_many_arguments", "more than seven arguments"),
    look("clippy::too_many_lines", "a function of more than a hundred lines"),
    look("clippy::type_complexity", "a type that needs a name"),
    look("clippy::upper_case_acronyms", "`RPC` as a type's name: `Rpc`"),
    look("clippy::wrong_self_convention", "`to_`, `into_`, `as_`, `is_` that take something else"),
];

/// The lints of the compiler's group `unused`, which are the rule of that name.
pub(crate) const UNUSED: &[&str] = &[
    "dead_code",
    "map_unit_fn",
    "path_statements",
    "redundant_semicolons",
    "unreachable_code",
    "unreachable_patterns",
    "unused_allocation",
    "unused_assignments",
    "unused_attributes",
    "unused_braces",
    "unused_doc_comments",
    "unused_extern_crates",
    "unused_features",
    "unused_imports",
    "unused_labels",
    "unused_macro_rules",
    "unused_macros",
    "unused_must_use",
    "unused_mut",
    "unused_parens",
    "unused_unsafe",
    "unused_variables",
    "unused_visibilities",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lint_is_named_once_and_has_its_reason() {
        for (at, Looked { lint, why, .. }) in LOOKED_FOR.iter().enumerate() {
            assert!(LOOKED_FOR[..at].iter().all(|other| other.lint != *lint), "{lint} twice");
            assert!(!why.is_empty(), "{lint}");
        }
        assert!(UNUSED.is_sorted());
    }
}
