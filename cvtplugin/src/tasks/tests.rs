use std::future::pending;
use std::io;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

use super::*;

/// What is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn capture() -> (Self, DefaultGuard) {
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(log.clone())
            .without_time()
            .with_target(false)
            .with_ansi(false);
        let guard = tracing::subscriber::set_default(subscriber.finish());
        (log, guard)
    }

    fn lines(&self) -> Vec<String> {
        let text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&text).into_owned();
        text.lines().map(|line| line.trim().to_owned()).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Completes the other end when it is dropped.
struct Alive(#[expect(dead_code, reason = "it is there to be dropped")] oneshot::Sender<()>);

fn alive() -> (Alive, oneshot::Receiver<()>) {
    let (sender, dropped) = oneshot::channel();
    (Alive(sender), dropped)
}

mod stop {
    use super::*;

    #[tokio::test]
    async fn tasks_are_signalled_and_waited_for() {
        let (log, _guard) = Log::capture();
        let tasks = Tasks::new();
        let (finished, has_finished) = oneshot::channel();
        let stopping = tasks.stopping();
        tasks.spawn("poller", async move {
            stopping.await;
            let _ = finished.send(());
        });
        let own = tasks.clone();
        tasks.spawn_blocking("index", move || {
            while !own.is_stopping() {
                std::thread::yield_now();
            }
        });
        assert!(!tasks.is_stopping());
        tasks.stop().await;
        has_finished
            .await
            .expect("it finished, and was not aborted");
        assert!(tasks.running.is_empty());
        assert_eq!(log.lines(), [""; 0]);
    }

    #[tokio::test]
    async fn tasks_that_ignore_the_signal_are_aborted() {
        let (log, _guard) = Log::capture();
        let tasks = Tasks::new();
        let (alive, dropped) = alive();
        tasks.spawn("deaf", async move {
            let _alive = alive;
            pending::<()>().await;
        });
        tasks.stop().await;
        dropped.await.expect_err("it was dropped");
        let warning = "WARN task{task=\"deaf\"}: aborted: it did not stop within 300ms";
        assert_eq!(log.lines(), [warning]);
    }

    #[tokio::test]
    async fn blocked_threads_are_left_behind() {
        let (log, _guard) = Log::capture();
        let tasks = Tasks::new();
        let (until, end) = mpsc::channel::<()>();
        tasks.spawn_blocking("stuck", move || {
            let _ = end.recv();
        });
        tasks.stop().await;
        let warning = "WARN leaving background tasks behind that block their threads running=1";
        assert_eq!(log.lines(), [warning]);
        drop(until);
    }

    #[tokio::test]
    async fn spawning_afterwards_starts_nothing() {
        let tasks = Tasks::new();
        tasks.spawn("deaf", pending::<()>());
        tasks.stop().await;
        let (alive, dropped) = alive();
        tasks.spawn("late", async move { drop(alive) });
        dropped.await.expect_err("it was dropped");
        assert!(tasks.running.is_empty());
    }
}

mod failure {
    use super::*;

    async fn log_of<F>(task: F) -> Vec<String>
    where
        F: Future<Output: TaskOutput> + Send + 'static,
    {
        let (log, _guard) = Log::capture();
        let tasks = Tasks::new();
        tasks.spawn("poller", task);
        tasks.running.close();
        tasks.running.wait().await;
        log.lines()
    }

    #[tokio::test]
    async fn error_is_one_record_with_its_sources() {
        let task = async {
            let offline = Error::unavailable("the registry").with_source("refused");
            Err::<(), _>(offline)
        };
        let record = "ERROR task{task=\"poller\"}: background task failed: the registry: refused";
        assert_eq!(log_of(task).await, [record]);
    }

    #[tokio::test]
    async fn success_is_not_recorded() {
        assert_eq!(log_of(async {}).await, [""; 0]);
        assert_eq!(log_of(async { Ok::<_, String>(()) }).await, [""; 0]);
    }

    #[tokio::test]
    async fn panic_leaves_the_other_tasks_alone() {
        let tasks = Tasks::new();
        let (finished, has_finished) = oneshot::channel();
        tasks.spawn("broken", async { panic!("out of ideas") });
        tasks.spawn("poller", async move {
            let _ = finished.send(());
        });
        has_finished.await.expect("it finished");
        tasks.stop().await;
    }
}

#[tokio::test]
async fn endless_loop_is_a_task() {
    let tasks = Tasks::new();
    let (begun, has_begun) = oneshot::channel();
    tasks.spawn("poller", async move {
        let _ = begun.send(());
        loop {
            tokio::task::yield_now().await;
        }
    });
    has_begun.await.expect("it runs");
    tasks.stop().await;
    assert!(tasks.running.is_empty());
}
