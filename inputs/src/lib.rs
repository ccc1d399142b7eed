//! Texts to run MapReduce over, made from a seed: the same seed gives the same text, on any machine.
//!
//! | module | what |
//! | --- | --- |
//! | [`book`](mod@book) | a book, whose words are as unequally frequent as those of a language |
//! | [`credit`](mod@credit) | a table of credit scores |
//! | `vocabulary` | the words of a book, and how often each comes |

pub mod book;
pub mod credit;
mod vocabulary;

pub use book::book;
pub use credit::credit;
