//! Databricks in the sandbox: the endpoints of the SQL Statement Execution API that this program uses, over the two
//! state tables in an SQLite file.
//!
//! There is no SQL parser: a statement is recognised if it equals, to the character, one that
//! `remote::databricks::statements` produces. Any other statement ends as FAILED with a clear message, and so does a
//! statement for another catalog or schema than the sandbox's.
//!
//! Paths: `POST /api/2.0/sql/statements`, `GET .../{id}`, `GET .../{id}/result/chunks/{n}`, `POST .../{id}/cancel`,
//! with the bearer token; `GET /storage/{id}/{n}/{key}` stands for the workspace's storage and refuses requests with a
//! token. The latest hundred statements are kept.

mod server;
mod store;

pub(crate) use server::{CATALOG, DatabricksFaults, DatabricksOptions, SCHEMA, SandboxDatabricks, start_databricks};
pub(crate) use store::{KnownContent, LoadedRows, StateStore};
