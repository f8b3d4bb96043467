//! The sandbox's Databricks: the endpoints of the SQL Statement Execution API that this program uses, over the two state
//! tables in an SQLite file.
//!
//! It knows no SQL dialect: a statement is recognised when it is, to the character, one that
//! `remote::databricks::statements` writes (reading or probing a state table of some catalog and schema). Anything else
//! ends as FAILED with a clear message, and so does a catalog or schema that is not the sandbox's.
//!
//! Paths: `POST /api/2.0/sql/statements`, `GET .../{id}`, `GET .../{id}/result/chunks/{n}`, `POST .../{id}/cancel`, with
//! the bearer token; `GET /storage/{id}/{n}/{key}` stands for the workspace's storage and refuses requests with a
//! token. Statements are kept until a hundred later ones have come.

mod server;
mod store;

pub(crate) use server::{DatabricksFaults, DatabricksOptions, SandboxDatabricks, start_databricks};
pub(crate) use store::{StateStore, TakenIn};
