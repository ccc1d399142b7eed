//! Pages opened in a real browser, for tests: headless Chromium, driven by its `chromedriver`.
//!
//! | module | what |
//! | --- | --- |
//! | [`kit`] | what must be installed, and how to get it |
//! | [`trial`] | a test that needs a browser, and what becomes of it without one |
//! | `driver` | the driver's process |
//! | [`page`] | a page: what a person sees of it and does to it, and what it does behind their back |
//! | `axe` | whether people with disabilities can use it |
//!
//! Nothing here is fetched from anywhere: pages are files, and a test asks that they ask for nothing either.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it lives outside every world: it starts processes and waits for them"
)]

mod axe;
mod driver;
pub mod kit;
pub mod page;
pub mod trial;

pub use page::{Look, Page};
pub use trial::trials;
