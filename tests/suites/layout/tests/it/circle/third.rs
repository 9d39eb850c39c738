pub fn run() {}

#[cfg(test)]
mod tests {
    use crate::second::Inner;
}
