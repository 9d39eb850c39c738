use std::io::{BufRead as _, BufReader, PipeReader, Read as _, Seek as _, pipe};
use std::os::fd::OwnedFd;

use super::*;
use crate::logging::target::for_host;

/// How long an event is waited for.
const TIMEOUT: Duration = Duration::from_secs(20);

fn loss_note() -> LossNote {
    Box::new(|lost| format!("lost {lost}\n"))
}

fn log_queue() -> (LogQueue, PipeReader) {
    let (reader, writer) = pipe().expect("a pipe");
    let queue = LogQueue::new(for_host(OwnedFd::from(writer).into()), loss_note());
    (queue, reader)
}

fn line(n: usize) -> String {
    format!("{n} {}\n", "x".repeat(5000))
}

/// How many lines of `x` are in the log until `last`, and how many it says are lost.
fn whole_and_lost(log: impl Iterator<Item = String>, last: &str) -> (usize, usize) {
    let (mut whole, mut missing) = (0, 0);
    for text in log.take_while(|text| text != last) {
        if let Some(number) = text.strip_prefix("lost ") {
            missing += number.parse::<usize>().expect("a number");
        } else {
            assert!(text.ends_with(&"x".repeat(5000)), "{text}");
            whole += 1;
        }
    }
    (whole, missing)
}

#[test]
fn unread_pipe_drops_lines_and_tells_how_many() {
    const LINES: usize = 1000;
    // More than the pipe holds, and than the thread has in its hands.
    const READ: usize = 40;
    let (queue, reader) = log_queue();
    // Were any of them waited for, this would take for ever.
    (0..LINES).for_each(|n| queue.write_line(&line(n)));
    let mut lines = BufReader::new(reader)
        .lines()
        .map(|line| line.expect("text"));
    for n in 0..READ {
        assert_eq!(lines.next().expect("a line") + "\n", line(n));
    }
    queue.write_line("after\n");
    let (whole, lost) = whole_and_lost(&mut lines, "after");
    assert!(lost > 0);
    assert_eq!(READ + whole + lost, LINES);
}

#[test]
fn unread_pipe_tells_of_the_loss_as_soon_as_there_is_room() {
    const LINES: usize = 1000;
    let (queue, reader) = log_queue();
    (0..LINES).for_each(|n| queue.write_line(&line(n)));
    // Nothing more is logged.
    let lines = BufReader::new(reader)
        .lines()
        .map(|line| line.expect("text"));
    let (mut whole, mut missing) = (0, 0);
    for text in lines {
        match text.strip_prefix("lost ") {
            Some(number) => missing += number.parse::<usize>().expect("a number"),
            None => whole += 1,
        }
        if whole + missing == LINES {
            break;
        }
    }
    assert!(missing > 0);
}

#[test]
fn lines_keep_their_order_whether_or_not_they_had_to_wait() {
    let (queue, reader) = log_queue();
    let lines: Vec<_> = (0..200).flat_map(|n| [format!("{n}\n"), line(n)]).collect();
    let mut read = BufReader::new(reader).lines();
    for some in lines.chunks(5) {
        for line in some {
            queue.write_line(line);
        }
        for line in some {
            assert_eq!(&(read.next().expect("a line").expect("text") + "\n"), line);
        }
    }
}

#[test]
fn write_errors_are_counted_and_hold_up_nobody() {
    let (queue, reader) = log_queue();
    drop(reader);
    (0..100).for_each(|n| queue.write_line(&line(n)));
    queue.flush(TIMEOUT);
    assert!(queue.0.lock().is_idle());
    assert_eq!(queue.lost(), 100);
}

#[test]
fn files_get_all_lines_by_the_time_they_are_flushed() {
    let mut file = tempfile::tempfile().expect("a scratch file");
    let target = for_host(file.try_clone().expect("a second handle"));
    let queue = LogQueue::new(target, loss_note());
    (0..100).for_each(|n| queue.write_line(&line(n)));
    queue.flush(TIMEOUT);
    let mut text = String::new();
    file.rewind().expect("a file can be rewound");
    file.read_to_string(&mut text).expect("text");
    assert_eq!(text, (0..100).map(line).collect::<String>());
}
