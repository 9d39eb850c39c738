//! Lines that wait to be written, and the count of those that never will be.

use std::collections::VecDeque;

/// The bytes of lines that wait. Later ones are dropped, and counted.
const CAPACITY: usize = 1024 * 1024;

/// How much is written at once. It also bounds what is lost with a disk that fills up.
const MAX_BATCH: usize = 64 * 1024;

/// What is to be written, in order.
#[derive(Default)]
pub(super) struct Waiting {
    entries: VecDeque<Entry>,
    bytes: usize,
    /// Lines that could not be written, before those that wait.
    failed: usize,
    /// Lines for which there was no room, after those that wait.
    dropped: usize,
    /// The lines of a batch that has been taken.
    taken: usize,
    /// Whether the last write failed, so that the next has to wait for a reason to try again.
    is_failing: bool,
    /// Whether what was written last is not the end of a line.
    is_mid_line: bool,
    /// Whether what waits first is the rest of that line.
    is_rest: bool,
}

struct Entry {
    text: String,
    /// How many lines are lost if this is: a note stands for those that it counts.
    lines: usize,
}

/// What is written at once.
pub(super) struct Batch {
    pub(super) text: String,
    /// Where each entry ends, and its lines.
    ends: Vec<(usize, usize)>,
}

/// How much of a batch was written, and whether the rest never will be.
pub(super) struct Written {
    pub(super) length: usize,
    pub(super) has_failed: bool,
}

impl Waiting {
    pub(super) fn new(is_mid_line: bool) -> Self {
        Self {
            is_mid_line,
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, line: &str, loss_note: impl Fn(usize) -> String) {
        self.try_again();
        if self.bytes + line.len() > CAPACITY {
            self.dropped += 1;
            return;
        }
        self.add_loss_note(loss_note);
        self.push(line.to_owned(), 1);
    }

    /// There may be room by now for what could not be written.
    pub(super) fn try_again(&mut self) {
        self.is_failing = false;
    }

    /// Whether there is something to write.
    pub(super) fn is_wanted(&self) -> bool {
        !self.entries.is_empty() || (self.failed + self.dropped > 0 && !self.is_failing)
    }

    /// The lines that have not been written, and of which nothing tells in their place.
    pub(super) fn lost(&self) -> usize {
        let waiting: usize = self.entries.iter().map(|entry| entry.lines).sum();
        self.failed + waiting + self.taken + self.dropped
    }

    /// Takes what is to be written next.
    pub(super) fn take(&mut self, loss_note: impl Fn(usize) -> String) -> Batch {
        if self.failed > 0 {
            let text = loss_note(self.failed);
            self.bytes += text.len();
            let lines = std::mem::take(&mut self.failed);
            self.entries.push_front(Entry { text, lines });
        }
        if self.bytes <= MAX_BATCH {
            self.add_loss_note(loss_note);
        }
        let mut batch = Batch {
            text: String::new(),
            ends: Vec::new(),
        };
        if self.is_mid_line && !self.is_rest {
            batch.text.push('\n');
        }
        while let Some(entry) = self.entries.pop_front() {
            batch.text.push_str(&entry.text);
            batch.ends.push((batch.text.len(), entry.lines));
            self.bytes -= entry.text.len();
            let next = self.entries.front().map_or(0, |entry| entry.text.len());
            if batch.text.len() + next > MAX_BATCH {
                break;
            }
        }
        self.taken = batch.lines_after(0);
        batch
    }

    /// Takes back what was not written of a batch.
    pub(super) fn put_back(&mut self, mut batch: Batch, written: &Written) {
        self.taken = 0;
        let lines = batch.lines_after(written.length);
        if written.length > 0 {
            self.is_mid_line = !batch.text[..written.length].ends_with('\n');
            self.is_rest = false;
        }
        if written.has_failed {
            self.failed += lines;
            self.is_failing = true;
            self.is_rest = false;
        } else if written.length < batch.text.len() {
            let text = batch.text.split_off(written.length);
            self.is_rest |= self.is_mid_line && written.length > 0;
            self.bytes += text.len();
            self.entries.push_front(Entry { text, lines });
        }
    }

    /// Adds a note of the lines for which there was no room, if there are any.
    fn add_loss_note(&mut self, loss_note: impl Fn(usize) -> String) {
        let dropped = std::mem::take(&mut self.dropped);
        if dropped > 0 {
            self.push(loss_note(dropped), dropped);
        }
    }

    fn push(&mut self, text: String, lines: usize) {
        self.bytes += text.len();
        self.entries.push_back(Entry { text, lines });
    }
}

impl Batch {
    /// How many lines do not end in the first `length` bytes.
    fn lines_after(&self, length: usize) -> usize {
        let after = self.ends.iter().filter(|(end, _)| *end > length);
        after.map(|(_, lines)| lines).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(lost: usize) -> String {
        format!("lost {lost}\n")
    }

    /// What a target holds that takes so many bytes of each batch, and then fails or not.
    fn write(waiting: &mut Waiting, takes: &[(usize, bool)]) -> String {
        let mut target = String::new();
        for &(takes, has_failed) in takes {
            let batch = waiting.take(note);
            let length = takes.min(batch.text.len());
            target.push_str(&batch.text[..length]);
            let has_failed = has_failed && length < batch.text.len();
            waiting.put_back(batch, &Written { length, has_failed });
            waiting.try_again();
        }
        target
    }

    #[test]
    fn failed_write_leaves_its_fragment_alone() {
        let mut waiting = Waiting::new(false);
        (0..3).for_each(|n| waiting.add(&format!("line {n}\n"), note));
        assert_eq!(write(&mut waiting, &[(10, true)]), "line 0\nlin");
        assert!(waiting.lost() == 2 && waiting.entries.is_empty());
        waiting.add("after\n", note);
        // Once more without room, even for what is between.
        let text = write(&mut waiting, &[(0, true), (99, true)]);
        assert_eq!(text, "\nlost 3\n");
        waiting.add("again\n", note);
        assert_eq!(write(&mut waiting, &[(99, true)]), "again\n");
        assert_eq!(waiting.lost(), 0);
    }

    #[test]
    fn fragment_of_another_process_is_left_alone() {
        let mut waiting = Waiting::new(true);
        waiting.add("line\n", note);
        assert_eq!(write(&mut waiting, &[(3, false), (99, false)]), "\nline\n");
    }

    #[test]
    fn rest_of_a_line_follows_it() {
        let mut waiting = Waiting::new(false);
        waiting.add("one\n", note);
        waiting.add("two\n", note);
        let text = write(
            &mut waiting,
            &[(2, false), (0, false), (3, false), (99, false)],
        );
        assert_eq!(text, "one\ntwo\n");
        assert!(!waiting.is_wanted());
    }

    #[test]
    fn notes_stand_where_lines_are_missing() {
        let mut waiting = Waiting::new(false);
        let long = "x".repeat(CAPACITY / 2 - 100) + "\n";
        (0..5).for_each(|_| waiting.add(&long, note));
        let first = write(&mut waiting, &[(usize::MAX, false)]);
        waiting.add("after\n", note);
        let rest = write(&mut waiting, &[(usize::MAX, false), (usize::MAX, false)]);
        assert_eq!(first + &rest, format!("{long}{long}lost 3\nafter\n"));
    }

    #[test]
    fn lost_note_counts_for_its_lines() {
        let mut waiting = Waiting::new(false);
        waiting.failed = 7;
        waiting.add("line\n", note);
        assert_eq!(write(&mut waiting, &[(3, true)]), "los");
        assert_eq!(waiting.lost(), 8);
        assert_eq!(write(&mut waiting, &[(99, true)]), "\nlost 8\n");
    }
}
