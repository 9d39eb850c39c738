//! Schemas, by id and version.

use cvtplugin::{Error, Result, ResultExt as _};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{NOW, Store};
use crate::version;

/// What the registry lists about a schema.
#[derive(Debug)]
pub(crate) struct StoredSchema {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) bytes: u32,
    pub(crate) imported_at: String,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Imported {
    Added,
    Replaced,
    Unchanged,
}

impl Store {
    /// Stores a schema. One that is stored with another content is kept, unless `replace` is set.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if the version is stored with another content.
    pub(crate) fn import(
        &self,
        id: &str,
        version: &str,
        spec: Vec<u8>,
        replace: bool,
    ) -> Result<Imported> {
        let key = (id.to_owned(), version.to_owned());
        let outcome = self.write(move |transaction| {
            let (id, version) = (&key.0, &key.1);
            let outcome = match spec_of(transaction, id, version)? {
                None => Some(Imported::Added),
                Some(stored) if stored == spec => return Ok(Some(Imported::Unchanged)),
                Some(_) => replace.then_some(Imported::Replaced),
            };
            if outcome.is_some() {
                let insert = format!("INSERT OR REPLACE INTO schemas VALUES (?1, ?2, ?3, {NOW})");
                transaction.execute(&insert, params![id, version, spec])?;
            }
            Ok(outcome)
        })?;
        outcome.ok_or_else(|| {
            Error::already_exists(format!(
                "{id} {version} is stored with another content: give the document a new version, \
                 or pass --replace"
            ))
        })
    }

    /// A schema, and its version: the latest if `version` is empty or `latest`.
    ///
    /// # Errors
    ///
    /// `NotFound` if it is not stored.
    pub(crate) fn schema(&self, id: &str, version: &str) -> Result<(Vec<u8>, String)> {
        let (versions, found) = self.read(|transaction| {
            let versions = versions_of(transaction, id)?;
            let wanted = match version {
                "" | "latest" => version::latest(&versions).map(str::to_owned),
                exact => Some(exact.to_owned()),
            };
            let found = match wanted {
                Some(wanted) => spec_of(transaction, id, &wanted)?.map(|spec| (spec, wanted)),
                None => None,
            };
            Ok((versions, found))
        })?;
        let missing = if versions.is_empty() {
            format!(
                "no schema {id:?}: import it with `cvt-plugin-sqlite import FILE --schema {id}`"
            )
        } else {
            let stored = versions.join(", ");
            format!("no version {version:?} of schema {id:?}: stored are {stored}")
        };
        found.not_found(missing)
    }

    /// Every version of every schema, sorted by id, the latest first.
    pub(crate) fn schemas(&self) -> Result<Vec<StoredSchema>> {
        let mut schemas = self.read(|transaction| {
            let select = "SELECT schema_id, version, length(spec), imported_at FROM schemas";
            let mut select = transaction.prepare(select)?;
            let rows = select.query_map([], |row| {
                Ok(StoredSchema {
                    id: row.get(0)?,
                    version: row.get(1)?,
                    bytes: row.get(2)?,
                    imported_at: row.get(3)?,
                })
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })?;
        schemas.sort_by(|a, b| {
            let by_id = a.id.cmp(&b.id);
            by_id.then_with(|| version::rank(&b.version).cmp(&version::rank(&a.version)))
        });
        Ok(schemas)
    }
}

fn versions_of(transaction: &Transaction<'_>, id: &str) -> rusqlite::Result<Vec<String>> {
    let mut select = transaction.prepare("SELECT version FROM schemas WHERE schema_id = ?1")?;
    let rows = select.query_map([id], |row| row.get(0))?;
    rows.collect()
}

fn spec_of(
    transaction: &Transaction<'_>,
    id: &str,
    version: &str,
) -> rusqlite::Result<Option<Vec<u8>>> {
    let select = "SELECT spec FROM schemas WHERE schema_id = ?1 AND version = ?2";
    let spec = transaction.query_row(select, [id, version], |row| row.get(0));
    spec.optional()
}
