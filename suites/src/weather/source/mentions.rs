//! What a module imports and mentions, as it is written there.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Item, ItemFn, ItemMod, ItemUse, Macro, Path, UseTree};

use super::modules::is_for_tests;

/// A path and the line that it stands in.
pub(super) type Written = (Vec<String>, usize);

/// What a module imports and mentions.
#[derive(Default)]
pub(super) struct Mentions {
    /// What an import calls by this name.
    pub(super) imports: BTreeMap<String, Vec<String>>,
    /// Of what everything is imported.
    pub(super) globs: Vec<Vec<String>>,
    /// Every path, those of imports included.
    pub(super) paths: Vec<Written>,
}

impl Mentions {
    /// Those of `items`, in whatever they contain.
    pub(super) fn of(items: &[Item]) -> Self {
        let mut mentions = Self::default();
        for item in items {
            mentions.visit_item(item);
        }
        mentions
    }

    fn import(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |name: &dyn ToString| [prefix, &[name.to_string()]].concat();
        let line = tree.span().start().line;
        match tree {
            UseTree::Path(path) => self.import(&with(&path.ident), &path.tree),
            UseTree::Name(name) if name.ident == "self" => {
                self.import_as(prefix.last().cloned(), prefix.to_vec(), line);
            }
            UseTree::Name(name) => {
                self.import_as(Some(name.ident.to_string()), with(&name.ident), line);
            }
            UseTree::Rename(rename) => {
                let path =
                    if rename.ident == "self" { prefix.to_vec() } else { with(&rename.ident) };
                self.import_as(Some(rename.rename.to_string()), path, line);
            }
            UseTree::Glob(_) => {
                self.globs.push(prefix.to_vec());
                self.paths.push((with(&"*"), line));
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(prefix, tree);
                }
            }
        }
    }

    fn import_as(&mut self, name: Option<String>, path: Vec<String>, line: usize) {
        self.paths.push((path.clone(), line));
        self.imports.extend(name.map(|name| (name, path)));
    }

    /// Paths among the tokens of a macro call, which have no grammar.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Written = Written::default();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end(&mut path);
                        path.1 = ident.span().start().line;
                    }
                    path.0.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.end(&mut path);
                    self.tokens(group.stream());
                    colons = 0;
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {
                    self.end(&mut path);
                    colons = 0;
                }
            }
        }
        self.end(&mut path);
    }

    fn end(&mut self, path: &mut Written) {
        let ended = std::mem::take(path);
        if !ended.0.is_empty() {
            self.paths.push(ended);
        }
    }
}

impl<'ast> Visit<'ast> for Mentions {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.import(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.paths.push((segments, path.span().start().line));
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_item_fn(self, function);
        }
    }
}
