//! Consumers, and what they use.

use std::collections::{BTreeMap, BTreeSet};

use cvtplugin::Result;
use rusqlite::types::Type;
use rusqlite::{Row, Transaction, params};

use super::{NOW, Store};

/// A consumer of a schema in one environment, and what it uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Consumer {
    pub(crate) id: String,
    pub(crate) environment: String,
    pub(crate) schema_version: String,
    /// When, in UTC. The store sets it.
    pub(crate) registered_at: String,
    pub(crate) endpoints: Vec<Endpoint>,
}

/// An endpoint that a consumer uses, and the fields of the response that it reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Endpoint {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) used_fields: Vec<String>,
}

impl Store {
    /// Stores what a consumer uses, in the place of what it used before in this environment.
    pub(crate) fn register(&self, schema_id: String, consumer: Consumer) -> Result<()> {
        self.write(move |transaction| {
            let key = [&schema_id, &consumer.id, &consumer.environment];
            // Its endpoints go with it.
            transaction.execute(
                "DELETE FROM consumers
                 WHERE schema_id = ?1 AND consumer_id = ?2 AND environment = ?3",
                key,
            )?;
            let insert = format!("INSERT INTO consumers VALUES (?1, ?2, ?3, ?4, {NOW})");
            transaction.execute(&insert, [key[0], key[1], key[2], &consumer.schema_version])?;
            let insert = "INSERT INTO endpoints VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            let mut insert = transaction.prepare(insert)?;
            for ((method, path), fields) in merged(&consumer.endpoints) {
                let fields = serde_json::Value::from_iter(fields).to_string();
                insert.execute(params![key[0], key[1], key[2], method, path, fields])?;
            }
            Ok(())
        })
    }

    /// The consumers of a schema, sorted by id and environment.
    pub(crate) fn consumers(&self, schema_id: &str) -> Result<Vec<Consumer>> {
        self.read(|transaction| {
            let mut endpoints = endpoints_of(transaction, schema_id)?;
            let mut select = transaction.prepare(
                "SELECT consumer_id, environment, schema_version, registered_at FROM consumers
                 WHERE schema_id = ?1 ORDER BY consumer_id, environment",
            )?;
            let rows = select.query_map([schema_id], |row| {
                let key = (row.get(0)?, row.get(1)?);
                Ok(Consumer {
                    endpoints: endpoints.remove(&key).unwrap_or_default(),
                    id: key.0,
                    environment: key.1,
                    schema_version: row.get(2)?,
                    registered_at: row.get(3)?,
                })
            })?;
            rows.collect()
        })
    }
}

/// Each endpoint once, with all its fields. One that comes without any reads who knows what.
fn merged(endpoints: &[Endpoint]) -> BTreeMap<(&str, &str), BTreeSet<&str>> {
    let mut merged = BTreeMap::<_, BTreeSet<_>>::new();
    for endpoint in endpoints {
        let key = (endpoint.method.as_str(), endpoint.path.as_str());
        let fields = endpoint.used_fields.iter().map(String::as_str);
        merged.entry(key).or_default().extend(fields);
    }
    for endpoint in endpoints.iter().filter(|it| it.used_fields.is_empty()) {
        merged.insert((&endpoint.method, &endpoint.path), BTreeSet::new());
    }
    merged
}

type ConsumerKey = (String, String);

fn endpoints_of(
    transaction: &Transaction<'_>,
    schema_id: &str,
) -> rusqlite::Result<BTreeMap<ConsumerKey, Vec<Endpoint>>> {
    let mut select = transaction.prepare(
        "SELECT consumer_id, environment, method, path, used_fields FROM endpoints
         WHERE schema_id = ?1 ORDER BY path, method",
    )?;
    let mut rows = select.query([schema_id])?;
    let mut endpoints = BTreeMap::<_, Vec<_>>::new();
    while let Some(row) = rows.next()? {
        let of = endpoints.entry((row.get(0)?, row.get(1)?)).or_default();
        of.push(Endpoint {
            method: row.get(2)?,
            path: row.get(3)?,
            used_fields: fields(row, 4)?,
        });
    }
    Ok(endpoints)
}

fn fields(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    let text = row.get::<_, String>(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
    })
}
