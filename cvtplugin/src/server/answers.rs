//! Answers the requests of a connection in the task of the connection.
//!
//! With a task for each, hyper's way, each answer would be sent as soon as it is there: a system
//! call for each. Here, all answers that are there are sent in one go.

use std::future::Future;
use std::pin::Pin;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use hyper::rt::Executor;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

type Answer = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What hyper hands answers to, and what runs them.
pub(crate) fn answers() -> (AnswerExecutor, Answers) {
    let (sender, begun) = mpsc::unbounded_channel();
    let answers = Answers {
        begun,
        running: FuturesUnordered::new(),
    };
    (AnswerExecutor(sender), answers)
}

/// Takes the futures that answer requests.
#[derive(Clone)]
pub(crate) struct AnswerExecutor(UnboundedSender<Answer>);

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for AnswerExecutor {
    fn execute(&self, answer: F) {
        // It fails once the connection has ended, and nobody waits for the answer.
        let _ = self.0.send(Box::pin(answer));
    }
}

/// Runs the futures that answer requests.
pub(crate) struct Answers {
    begun: UnboundedReceiver<Answer>,
    running: FuturesUnordered<Answer>,
}

impl Answers {
    /// Runs them until `connection` ends, which sends them.
    pub(crate) async fn beside<T>(&mut self, mut connection: impl Future<Output = T> + Unpin) -> T {
        loop {
            tokio::select! {
                biased;
                Some(answer) = self.begun.recv() => self.running.push(answer),
                Some(()) = self.running.next() => {}
                // Last: it sends all answers that are there by now.
                ended = &mut connection => return ended,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Poll;

    use super::*;

    #[tokio::test]
    async fn a_connection_goes_on_when_all_answers_are_there() {
        let (executor, mut answers) = answers();
        let there = Arc::new(AtomicUsize::new(0));
        for _ in 0..3 {
            let there = there.clone();
            executor.execute(async move {
                there.fetch_add(1, Ordering::Relaxed);
            });
        }
        let connection = poll_fn(|_| Poll::Ready(there.load(Ordering::Relaxed)));
        assert_eq!(answers.beside(connection).await, 3);
    }
}
