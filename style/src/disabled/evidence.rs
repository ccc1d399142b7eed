//! Which code nobody writes by accident.
//!
//! Where words and Rust look alike, people put a space: "see `f (x)`" and "e.g. x", but `f(x)` and `e.g`. So
//! what is called must stand right before its brackets, and a method right behind its dot.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{
    Arm, Expr, Field, FieldValue, Item, ItemUse, Local, Macro, MacroDelimiter, Pat, Stmt, Type,
    UseTree, Visibility,
};

/// A statement.
pub(super) fn statement(statement: &Stmt) -> bool {
    match statement {
        Stmt::Local(Local { pat, init, .. }) => init.is_some() || matches!(pat, Pat::Type(_)),
        Stmt::Item(item) => is_item(item),
        Stmt::Expr(expr, semicolon) => expression(expr, semicolon.is_some()),
        Stmt::Macro(call) => is_call(&call.mac),
    }
}

fn is_item(item: &Item) -> bool {
    match item {
        // "use it;"
        Item::Use(ItemUse { tree, vis, .. }) => {
            !matches!(tree, UseTree::Name(_)) || !matches!(vis, Visibility::Inherited)
        }
        Item::Macro(item) => item.ident.is_some() || is_call(&item.mac),
        Item::Verbatim(_) => false,
        _ => true,
    }
}

/// An expression, which `ends` if a semicolon or a comma follows.
pub(super) fn expression(expr: &Expr, ends: bool) -> bool {
    match expr {
        Expr::If(_)
        | Expr::Match(_)
        | Expr::ForLoop(_)
        | Expr::While(_)
        | Expr::Loop(_)
        | Expr::Unsafe(_) => true,
        Expr::Block(block) => block.block.stmts.iter().any(statement),
        Expr::Async(block) => block.block.stmts.iter().any(statement),
        Expr::Const(block) => block.block.stmts.iter().any(statement),
        Expr::TryBlock(block) => block.block.stmts.iter().any(statement),
        Expr::MethodCall(_) => is_chain(expr),
        Expr::Macro(call) => is_call(&call.mac),
        Expr::Await(awaited) => is_chain(&awaited.base),
        Expr::Try(tried) => expression(&tried.expr, ends),
        Expr::Binary(binary) => ends && is_assignment(&binary.op),
        Expr::Call(call) => ends && adjacent(call.func.span(), call.paren_token.span.open()),
        Expr::Return(returned) => {
            ends || returned.expr.as_ref().is_some_and(|value| expression(value, true))
        }
        Expr::Assign(_) | Expr::Break(_) | Expr::Continue(_) => ends,
        Expr::Reference(reference) => expression(&reference.expr, ends),
        Expr::Struct(literal) => {
            let whole = literal.fields.iter().any(|field| field.colon_token.is_some());
            ends && whole
        }
        _ => false,
    }
}

fn is_assignment(op: &syn::BinOp) -> bool {
    use syn::BinOp::{
        AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign,
        ShlAssign, ShrAssign, SubAssign,
    };
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | BitXorAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

/// Whether a chain of calls and fields is written as code is.
fn is_chain(expr: &Expr) -> bool {
    let mut rest = expr;
    loop {
        rest = match rest {
            Expr::MethodCall(call) if adjacent(call.dot_token.span(), call.method.span()) => {
                &call.receiver
            }
            Expr::Field(field) if adjacent(field.dot_token.span(), field.member.span()) => {
                &field.base
            }
            Expr::Await(awaited) => &awaited.base,
            Expr::Try(tried) => &tried.expr,
            Expr::MethodCall(_) | Expr::Field(_) => return false,
            _ => return true,
        }
    }
}

fn is_call(call: &Macro) -> bool {
    let open = match &call.delimiter {
        MacroDelimiter::Paren(paren) => paren.span.open(),
        MacroDelimiter::Bracket(bracket) => bracket.span.open(),
        // `name! {`
        MacroDelimiter::Brace(_) => call.bang_token.span(),
    };
    let bang = call.bang_token.span();
    adjacent(call.path.span(), bang) && (open.start() == bang.start() || adjacent(bang, open))
}

/// An arm of a match. "leader => follower" is none.
pub(super) fn arm(arm: &Arm) -> bool {
    let shaped =
        matches!(arm.pat, Pat::TupleStruct(_) | Pat::Struct(_) | Pat::Wild(_) | Pat::Or(_))
            || matches!(&arm.pat, Pat::Path(path) if path.path.segments.len() > 1);
    let block = matches!(&*arm.body, Expr::Block(_));
    block || expression(&arm.body, arm.comma.is_some()) || (shaped && arm.comma.is_some())
}

/// A field of a struct, which `ends` if a comma follows.
pub(super) fn field(field: &Field, ends: bool) -> bool {
    const PLAIN: [&str; 16] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
        "u32", "u64", "usize", "String",
    ];
    let typed = match &field.ty {
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            !last.arguments.is_none() || PLAIN.iter().any(|plain| last.ident == plain)
        }),
        Type::Reference(_) | Type::Array(_) | Type::Slice(_) | Type::Ptr(_) => true,
        _ => false,
    };
    let in_line = field.span().start().line == field.ty.span().start().line;
    !matches!(field.vis, Visibility::Inherited) || (ends && typed && in_line)
}

/// A field that is given a value.
pub(super) fn value(field: &FieldValue) -> bool {
    let Some(colon) = &field.colon_token else { return false };
    // "The following:" and code below it are not one.
    let in_line = colon.span().end().line == field.expr.span().start().line;
    let named = in_line && adjacent(field.member.span(), colon.span());
    let part_of_self = matches!(&field.expr, Expr::Field(_)) && is_chain(&field.expr);
    named && (part_of_self || expression(&field.expr, true))
}

/// Whether nothing stands between the two.
fn adjacent(before: Span, after: Span) -> bool {
    before.end() == after.start()
}
