//! What CVT found: breaking changes and failed validations.

use cvtplugin::Result;
use cvtplugin::prelude::{BreakingChangeDetectedRequest, ValidationFailedRequest};
use rusqlite::params;

use super::{NOW, Store};

/// How many different failures are kept; the oldest go first. Paths hold ids, so there is no end
/// to them.
const MAX_FAILURES: u32 = 10_000;

/// A recorded finding, and how often CVT reported it.
#[derive(Debug)]
pub(crate) struct Event {
    /// What sort of event: `breaking change` or `validation failure`.
    pub(crate) sort: String,
    pub(crate) schema_id: String,
    /// Of a breaking change: from which version to which.
    pub(crate) versions: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) kind: String,
    pub(crate) description: String,
    pub(crate) times: u32,
    pub(crate) last_seen: String,
}

impl Store {
    /// Records the changes of one event.
    pub(crate) fn record_changes(&self, event: BreakingChangeDetectedRequest) -> Result<()> {
        self.write(move |transaction| {
            let mut insert = transaction.prepare(&format!(
                "INSERT INTO breaking_changes
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, {NOW}, {NOW})
                 ON CONFLICT DO UPDATE SET times = times + 1, last_seen = excluded.last_seen,
                     detected_by = excluded.detected_by"
            ))?;
            for change in &event.changes {
                insert.execute(params![
                    event.schema_id,
                    event.old_version,
                    event.new_version,
                    change.method,
                    change.path,
                    change.kind,
                    change.description,
                    change.field_path,
                    event.detected_by,
                ])?;
            }
            Ok(())
        })
    }

    /// Records the errors of one failed validation.
    pub(crate) fn record_failure(&self, event: ValidationFailedRequest) -> Result<()> {
        self.write(move |transaction| {
            let mut insert = transaction.prepare(&format!(
                "INSERT INTO validation_failures VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, {NOW}, {NOW})
                 ON CONFLICT DO UPDATE SET times = times + 1, last_seen = excluded.last_seen"
            ))?;
            for error in &event.errors {
                insert.execute(params![
                    event.schema_id,
                    event.method,
                    event.path,
                    error.kind,
                    error.description,
                    error.field_path,
                ])?;
            }
            let oldest = "DELETE FROM validation_failures
                 WHERE (schema_id, method, path, kind, description, field_path) IN
                     (SELECT schema_id, method, path, kind, description, field_path
                      FROM validation_failures ORDER BY last_seen DESC LIMIT -1 OFFSET ?1)";
            transaction.prepare(oldest)?.execute([MAX_FAILURES])?;
            Ok(())
        })
    }

    /// What was recorded for a schema, or for all, the last first.
    pub(crate) fn events(&self, schema_id: Option<&str>) -> Result<Vec<Event>> {
        self.read(|transaction| {
            let mut select = transaction.prepare(
                "SELECT 'breaking change', schema_id, old_version || ' to ' || new_version, method,
                     path, kind, description, times, last_seen
                 FROM breaking_changes WHERE schema_id = ifnull(?1, schema_id)
                 UNION ALL
                 SELECT 'validation failure', schema_id, '', method, path, kind, description, times,
                     last_seen
                 FROM validation_failures WHERE schema_id = ifnull(?1, schema_id)
                 ORDER BY last_seen DESC, path, method, description",
            )?;
            let rows = select.query_map([schema_id], |row| {
                Ok(Event {
                    sort: row.get(0)?,
                    schema_id: row.get(1)?,
                    versions: row.get(2)?,
                    method: row.get(3)?,
                    path: row.get(4)?,
                    kind: row.get(5)?,
                    description: row.get(6)?,
                    times: row.get(7)?,
                    last_seen: row.get(8)?,
                })
            })?;
            rows.collect()
        })
    }
}
