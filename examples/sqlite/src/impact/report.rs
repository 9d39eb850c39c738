//! The verdict for each consumer of a schema.

use std::collections::BTreeMap;

use cvtplugin::{Code, Result};
use serde::Serialize;

use super::endpoint::{self, Versioned};
use super::verdict::{Change, Verdict};
use crate::openapi::Document;
use crate::store::{Consumer, Endpoint, Store};

/// What a change from one version to another means for the consumers of a schema.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) schema: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) verdict: Verdict,
    /// Which of the two versions are not stored.
    pub(crate) missing: Vec<Change>,
    pub(crate) consumers: Vec<Assessment>,
}

/// What it means for one of them.
#[derive(Debug, Serialize)]
pub(crate) struct Assessment {
    pub(crate) consumer: String,
    pub(crate) environment: String,
    pub(crate) version: String,
    pub(crate) verdict: Verdict,
    /// The worst first; never empty.
    pub(crate) evidence: Vec<Change>,
}

/// Assesses what a change of `schema` between two versions means for its consumers.
///
/// # Errors
///
/// Returns an error if the registry cannot be read. A version that is not stored is not an error: the
/// verdict is then [`Verdict::Unknown`].
pub(crate) fn assess(store: &Store, schema: &str, from: &str, to: &str) -> Result<Report> {
    let consumers = store.consumers(schema)?;
    let mut versions = Versions {
        store,
        schema,
        documents: BTreeMap::new(),
    };
    let (from, to) = (versions.load(from)?, versions.load(to)?);
    for consumer in consumers.iter().filter(|it| !follows_latest(it)) {
        versions.load(&consumer.schema_version)?;
    }
    let assess = |consumer| versions.assess(consumer, &from, &to);
    let assessments: Vec<_> = consumers.iter().map(assess).collect();
    let missing = [&from, &to]
        .into_iter()
        .filter_map(|version| versions.missing(version));
    let missing: Vec<_> = missing.collect();
    let verdicts = assessments.iter().map(|it| it.verdict);
    let verdict = verdicts.chain(missing.iter().map(|it| it.verdict)).max();
    Ok(Report {
        schema: schema.to_owned(),
        from,
        to,
        verdict: verdict.unwrap_or(Verdict::Unaffected),
        missing,
        consumers: assessments,
    })
}

/// The documents that take part, by version: `None` if one is not stored.
struct Versions<'s> {
    store: &'s Store,
    schema: &'s str,
    documents: BTreeMap<String, Option<Document>>,
}

impl Versions<'_> {
    /// Reads a version unless it is there, and returns its own name: that of the latest is looked
    /// up.
    fn load(&mut self, version: &str) -> Result<String> {
        if self.documents.contains_key(version) {
            return Ok(version.to_owned());
        }
        let (name, document) = match self.store.schema(self.schema, version) {
            Ok((spec, name)) => (name, Some(Document::read(&spec)?)),
            Err(error) if error.code() == Code::NotFound => (version.to_owned(), None),
            Err(error) => return Err(error),
        };
        self.documents.insert(name.clone(), document);
        Ok(name)
    }

    fn get<'v>(&'v self, version: &'v str) -> Option<Versioned<'v>> {
        let document = self.documents.get(version)?.as_ref()?;
        Some(Versioned { version, document })
    }

    fn missing(&self, version: &str) -> Option<Change> {
        let what = format!("version {version} of {} is not stored", self.schema);
        self.get(version)
            .is_none()
            .then(|| Change::new(Verdict::Unknown, what))
    }

    fn assess(&self, consumer: &Consumer, from: &str, to: &str) -> Assessment {
        let mut evidence = self.evidence(consumer, from, to);
        // The worst first, and otherwise in their order.
        evidence.sort_by_key(|change| std::cmp::Reverse(change.verdict));
        let verdict = evidence
            .first()
            .map_or(Verdict::Unaffected, |it| it.verdict);
        if evidence.is_empty() {
            evidence.push(Change::new(
                verdict,
                "nothing that it uses changes for the worse",
            ));
        }
        Assessment {
            consumer: consumer.id.clone(),
            environment: consumer.environment.clone(),
            version: consumer.schema_version.clone(),
            verdict,
            evidence,
        }
    }

    fn evidence(&self, consumer: &Consumer, from: &str, to: &str) -> Vec<Change> {
        let own = if follows_latest(consumer) {
            from
        } else {
            &consumer.schema_version
        };
        if let Some(missing) = [from, to, own].iter().find_map(|it| self.missing(it)) {
            return vec![missing];
        }
        if consumer.endpoints.is_empty() {
            return vec![Change::new(Verdict::Possibly, "declares no endpoints")];
        }
        if own == to {
            // It has moved on already.
            return self.compared(to, to, &consumer.endpoints);
        }
        let changes = self.compared(from, to, &consumer.endpoints);
        if own == from || !changes.is_empty() {
            return changes;
        }
        // It was written for another version, from which the way may be longer.
        let changes = self.compared(own, to, &consumer.endpoints);
        let place = format!("since {own}, which it was registered for");
        changes
            .into_iter()
            .map(|change| change.doubted().within(&place))
            .collect()
    }

    fn compared(&self, from: &str, to: &str, endpoints: &[Endpoint]) -> Vec<Change> {
        let (Some(from), Some(to)) = (self.get(from), self.get(to)) else {
            return Vec::new();
        };
        let all = endpoints
            .iter()
            .flat_map(|endpoint| endpoint::changes(from, to, endpoint));
        all.collect()
    }
}

/// Whether a consumer uses what is deployed, rather than some version.
fn follows_latest(consumer: &Consumer) -> bool {
    matches!(consumer.schema_version.as_str(), "" | "latest")
}
