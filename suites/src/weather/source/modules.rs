//! The modules of a package, as its library's files declare them.

use std::path::{Path, PathBuf};

use syn::{Attribute, Item, ItemMod};

use crate::sources;

/// A module.
pub(super) struct Module {
    /// Its path within the package: `["bank", "account"]`; empty for the root.
    pub(super) path: Vec<String>,
    /// The file that it is written in.
    pub(super) file: PathBuf,
    /// What it declares, apart from other modules and from tests; or why that cannot be read.
    pub(super) items: Result<Vec<Item>, String>,
}

/// The modules of a package's library.
pub(super) struct Package {
    pub(super) modules: Vec<Module>,
}

impl Package {
    /// That of the package in `folder`, from `src/lib.rs` on.
    ///
    /// # Errors
    /// One line that names its root file, if that cannot be read. Another that cannot be read is a module of which
    /// nothing is known; it matters only if it is reached.
    pub(super) fn read(folder: &Path) -> Result<Self, String> {
        let mut package = Self { modules: Vec::new() };
        let root = folder.join("src/lib.rs");
        let below = folder.join("src");
        package.read_file(&root, Vec::new(), &below);
        match &package.modules[0].items {
            Err(why) if package.modules.len() == 1 => Err(why.clone()),
            _ => Ok(package),
        }
    }

    /// Adds the module in `file`; the files of its modules are below the folder `below`.
    fn read_file(&mut self, file: &Path, path: Vec<String>, below: &Path) {
        match items_of(file) {
            Ok(items) => self.add(file, path, below, items),
            Err(why) => {
                self.modules.push(Module { path, file: file.to_owned(), items: Err(why) });
            }
        }
    }

    fn add(&mut self, file: &Path, path: Vec<String>, below: &Path, items: Vec<Item>) {
        let mut own = Vec::new();
        for item in items {
            match item {
                Item::Mod(module) if !is_for_tests(&module.attrs) => {
                    let mut path = path.clone();
                    path.push(module.ident.to_string());
                    self.add_child(file, path, below, module);
                }
                Item::Mod(_) => {}
                item => own.push(item),
            }
        }
        self.modules.push(Module { path, file: file.to_owned(), items: Ok(own) });
    }

    fn add_child(&mut self, file: &Path, path: Vec<String>, below: &Path, module: ItemMod) {
        let name = module.ident.to_string();
        let folder = below.join(&name);
        if let Some((_, items)) = module.content {
            return self.add(file, path, &folder, items);
        }
        if let Some(named) = path_attribute(&module.attrs) {
            let file = file.parent().unwrap_or(below).join(named);
            let below = file.parent().unwrap_or(below).to_owned();
            return self.read_file(&file, path, &below);
        }
        let beside = below.join(format!("{name}.rs"));
        let within = folder.join("mod.rs");
        let file = if sources::is_file(&beside) { beside } else { within };
        self.read_file(&file, path, &folder);
    }

    /// The module that `path` leads into: that of its longest beginning that is one.
    pub(super) fn containing(&self, path: &[String]) -> Option<usize> {
        let contains = |module: &Module| path.starts_with(&module.path);
        let deepest = self.modules.iter().enumerate().filter(|(_, module)| contains(module));
        deepest.max_by_key(|(_, module)| module.path.len()).map(|(index, _)| index)
    }
}

/// What is declared in `file`.
fn items_of(file: &Path) -> Result<Vec<Item>, String> {
    let cannot = |why: String| format!("cannot read {}: {why}", file.display());
    let text = sources::read(file).map_err(|error| cannot(error.to_string()))?;
    Ok(syn::parse_file(&text).map_err(|error| cannot(error.to_string()))?.items)
}

/// Whether something is compiled for tests only.
pub(super) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test")))
    })
}

/// The file that `#[path = "…"]` names.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    let attribute = attributes.iter().find(|attribute| attribute.path().is_ident("path"))?;
    let value = &attribute.meta.require_name_value().ok()?.value;
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}
