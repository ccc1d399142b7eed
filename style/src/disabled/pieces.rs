//! What a piece of code may be.

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Arm, Attribute, Block, Expr, Field, FieldValue, Result, Stmt, Token, TraitItem};

use super::evidence;

/// Whether `text` as a whole is a piece of code that nobody writes by accident.
pub(super) fn is_code(text: &str) -> bool {
    let Ok(tokens) = text.parse::<TokenStream>() else { return false };
    if tokens.is_empty() {
        return false;
    }
    let parses = |part: Part| part(tokens.clone()).is_some_and(|certain| certain);
    PARTS.into_iter().any(parses) || text.trim_start().starts_with('.') && is_link(text)
}

/// A part of a program: none where the tokens are none, and otherwise whether they cannot be an accident.
type Part = fn(TokenStream) -> Option<bool>;

const PARTS: [Part; 7] = [statements, arms, expression, attributes, fields, values, members];

/// Statements, items among them. The first tells whether it is code: what begins with words is words.
fn statements(tokens: TokenStream) -> Option<bool> {
    let statements: Vec<Stmt> = Block::parse_within.parse2(tokens).ok()?;
    statements.first().map(evidence::statement)
}

/// Arms of a match.
fn arms(tokens: TokenStream) -> Option<bool> {
    let arms: Vec<Arm> = all.parse2(tokens).ok()?;
    arms.first().map(evidence::arm)
}

/// An argument or an element: an expression with a comma.
fn expression(tokens: TokenStream) -> Option<bool> {
    let parse = |input: ParseStream<'_>| {
        let expression: Expr = input.parse()?;
        input.parse::<Token![,]>()?;
        Ok(expression)
    };
    parse.parse2(tokens).ok().map(|expression| evidence::expression(&expression, true))
}

/// Attributes of something that follows.
fn attributes(tokens: TokenStream) -> Option<bool> {
    let inner = Attribute::parse_inner.parse2(tokens.clone());
    let attributes = inner.or_else(|_| Attribute::parse_outer.parse2(tokens)).ok()?;
    Some(!attributes.is_empty())
}

/// Fields of a struct.
fn fields(tokens: TokenStream) -> Option<bool> {
    let fields = Punctuated::<Field, Token![,]>::parse_terminated_with;
    let parse = |input: ParseStream<'_>| fields(input, Field::parse_named);
    let fields = parse.parse2(tokens).ok()?;
    let ends = fields.trailing_punct();
    fields.first().map(|field| evidence::field(field, ends || fields.len() > 1))
}

/// Fields that are given a value.
fn values(tokens: TokenStream) -> Option<bool> {
    let fields = Punctuated::<FieldValue, Token![,]>::parse_terminated.parse2(tokens).ok()?;
    let ends = fields.trailing_punct();
    fields.first().map(|field| ends && evidence::value(field))
}

/// Members of a trait, with or without a body.
fn members(tokens: TokenStream) -> Option<bool> {
    let members: Vec<TraitItem> = all.parse2(tokens).ok()?;
    members.first().map(|member| matches!(member, TraitItem::Fn(_)))
}

/// A link of a chain of calls, without what it is called on.
fn is_link(text: &str) -> bool {
    let chain = format!("it{}", text.trim().trim_end_matches([',', ';']));
    let parsed = syn::parse_str::<Expr>(&chain);
    parsed.is_ok_and(|chain| evidence::expression(&chain, false))
}

fn all<T: syn::parse::Parse>(input: ParseStream<'_>) -> Result<Vec<T>> {
    let mut all = Vec::new();
    while !input.is_empty() {
        all.push(input.parse()?);
    }
    Ok(all)
}
