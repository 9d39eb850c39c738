//! Goes down a schema along the path of a field.

use std::collections::HashSet;

use crate::openapi::Schema;

/// Whether values of a schema have a field there.
pub(super) fn has_field(schema: &Schema<'_>, path: &[String]) -> bool {
    reaches(schema, path, &mut HashSet::new())
}

fn reaches(schema: &Schema<'_>, rest: &[String], seen: &mut HashSet<(Vec<usize>, usize)>) -> bool {
    if rest.is_empty() {
        return true;
    }
    if !seen.insert((schema.identity(), rest.len())) {
        return false;
    }
    let direct = Step::along(schema, rest).is_some_and(|(step, rest)| {
        let below = step.below(schema);
        below.is_some_and(|it| reaches(&it, rest, seen))
    });
    let variants = || {
        schema
            .unions
            .iter()
            .flat_map(|union| schema.variants(union))
    };
    direct || variants().any(|variant| reaches(&variant.schema, rest, seen))
}

/// One step down from a schema.
pub(super) enum Step {
    Property(String),
    Items,
    MapValues,
    /// Stays: all below is meant.
    Stop,
}

impl Step {
    /// The step that a path takes from a schema, and the rest of the path. Arrays are passed
    /// through, and names may have dots in them.
    pub(super) fn along<'p>(
        schema: &Schema<'_>,
        path: &'p [String],
    ) -> Option<(Self, &'p [String])> {
        let first = path.first()?;
        for length in 1..=path.len() {
            let (name, rest) = path.split_at(length);
            let name = name.join(".");
            if schema.property(&name).is_some() {
                return Some((Self::Property(name), rest));
            }
        }
        let is_star = first == "*";
        if schema.items().is_some() {
            return Some((Self::Items, if is_star { &path[1..] } else { path }));
        }
        if schema.map_values().is_some() {
            return Some((Self::MapValues, &path[1..]));
        }
        is_star.then_some((Self::Stop, &[]))
    }

    pub(super) fn below<'d>(&self, schema: &Schema<'d>) -> Option<Schema<'d>> {
        match self {
            Self::Property(name) => schema.property(name),
            Self::Items => schema.items(),
            Self::MapValues => schema.map_values(),
            Self::Stop => Some(schema.clone()),
        }
    }

    pub(super) fn place(&self, at: &str) -> String {
        match self {
            Self::Property(name) if at.is_empty() => name.clone(),
            Self::Property(name) => format!("{at}.{name}"),
            Self::Items => format!("{at}[]"),
            Self::MapValues => format!("{at}.*"),
            Self::Stop => at.to_owned(),
        }
    }
}
