//! Answers the requests of a connection in the task of the connection.
//!
//! With a task for each, hyper's way, each answer would be sent as soon as it is there: a system
//! call for each. Here, all answers that are there are sent in one go.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use hyper::rt::Executor;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::coop;

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
        // One may panic, by the author's subscriber of `tracing` for instance: the others go on.
        let answer = AssertUnwindSafe(answer).catch_unwind().map(drop);
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
                // All share the budget of one task. Those that find it used up would be polled in
                // vain, all of them each time: it is kept by counting answers instead.
                Some(()) = coop::unconstrained(self.running.next()) => coop::consume_budget().await,
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

    use tokio::sync::oneshot;

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

    #[tokio::test]
    async fn none_of_many_answers_is_polled_in_vain() {
        const MANY: usize = 1000;
        let (executor, mut answers) = answers();
        let polls = Arc::new(AtomicUsize::new(0));
        let there = Arc::new(AtomicUsize::new(0));
        for _ in 0..MANY {
            let (polls, there) = (polls.clone(), there.clone());
            executor.execute(async move {
                poll_fn(|context| {
                    polls.fetch_add(1, Ordering::Relaxed);
                    // As whatever awaits something of Tokio's.
                    coop::poll_proceed(context).map(|budget| budget.made_progress())
                })
                .await;
                tokio::task::yield_now().await;
                there.fetch_add(1, Ordering::Relaxed);
            });
        }
        let connection = poll_fn(move |_| match there.load(Ordering::Relaxed) {
            MANY => Poll::Ready(()),
            _ => Poll::Pending,
        });
        // Only tasks have a budget.
        let task = tokio::spawn(async move { answers.beside(connection).await });
        task.await.expect("it ends");
        assert_eq!(polls.load(Ordering::Relaxed), MANY);
    }

    #[tokio::test]
    async fn an_answer_that_panics_spares_the_others() {
        let (executor, mut answers) = answers();
        executor.execute(async { panic!("told to panic") });
        let (sender, receiver) = oneshot::channel();
        executor.execute(async move {
            let _ = sender.send("there");
        });
        assert_eq!(answers.beside(receiver).await, Ok("there"));
    }
}
