//! Pairs of documents, and consumers of the first.

use fastrand::Rng;
use serde_json::Value;

use crate::mutate::{MUTATORS, Mutation, Target, mutate};
use crate::walk::{Field, Operation, operations};

/// How many consumers a pair has.
const CONSUMERS: usize = 6;

/// A document before and after a mutation.
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) before: Value,
    pub(crate) after: Value,
    pub(crate) mutation: Mutation,
    pub(crate) consumers: Vec<Consumer>,
}

pub(crate) struct Consumer {
    pub(crate) name: String,
    pub(crate) uses: Vec<(Operation, Vec<Field>)>,
}

/// What a mutation is for a consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    /// It changes for the worse what the consumer declares.
    Breaks,
    /// It changes something that the consumer's endpoints contain.
    Touches,
    Spares,
}

impl Consumer {
    pub(crate) fn truth(&self, mutation: &Mutation) -> Truth {
        let breaks = |(operation, fields): &(Operation, Vec<Field>)| {
            let reads = fields
                .iter()
                .any(|field| !field.trace.is_disjoint(&mutation.read));
            let sends = !operation.request.is_disjoint(&mutation.sent);
            reads || sends || mutation.operation.as_ref() == Some(&operation.pointer)
        };
        let touches = |(operation, fields): &(Operation, Vec<Field>)| {
            let changed = || mutation.read.union(&mutation.sent);
            let reads = |it| fields.iter().any(|field| field.trace.contains(it));
            changed().any(|it| reads(it) || operation.request.contains(it))
        };
        if self.uses.iter().any(breaks) {
            Truth::Breaks
        } else if self.uses.iter().any(touches) {
            Truth::Touches
        } else {
            Truth::Spares
        }
    }
}

/// Makes pairs of a document, always the same ones.
pub(crate) fn make(name: &str, text: &str, count: usize) -> Vec<Pair> {
    let before: Value = serde_json::from_str(text).expect("the document is JSON");
    let operations = operations(&before);
    let mut rng = Rng::with_seed(name.bytes().map(u64::from).sum());
    let mut pairs = Vec::new();
    for attempt in 0.. {
        if pairs.len() == count || attempt > 100 * count {
            break;
        }
        let consumers: Vec<_> = (0..CONSUMERS)
            .map(|index| consumer(format!("consumer-{index}"), &operations, &mut rng))
            .collect();
        let (operation, fields) = rng.choice(&consumers[0].uses).expect("it uses something");
        let field = rng.choice(fields);
        let mut after = Value::Null;
        // One after the other, each as often; but not every document has what each needs.
        let tries = if attempt % 50 == 49 {
            MUTATORS.len()
        } else {
            1
        };
        let mutation = (0..tries).find_map(|skip| {
            after.clone_from(&before);
            let mut target = Target {
                document: &mut after,
                operation,
                field,
                rng: &mut rng,
            };
            mutate(pairs.len() + skip, &mut target)
        });
        if let Some(mutation) = mutation {
            let name = format!("{name}-{:03}", pairs.len());
            let before = before.clone();
            pairs.push(Pair {
                name,
                before,
                after,
                mutation,
                consumers,
            });
        }
    }
    pairs
}

fn consumer(name: String, operations: &[Operation], rng: &mut Rng) -> Consumer {
    let usable = |it: &&Operation| !it.fields.is_empty() || !it.has_body;
    let usable: Vec<_> = operations.iter().filter(usable).collect();
    let uses = (0..=rng.usize(..2)).map(|_| {
        let operation = *rng.choice(&usable).expect("the document has operations");
        let count = (1 + rng.usize(..3)).min(operation.fields.len());
        let fields = rng.choose_multiple(operation.fields.iter(), count);
        (operation.clone(), fields.into_iter().cloned().collect())
    });
    Consumer {
        name,
        uses: uses.collect(),
    }
}
