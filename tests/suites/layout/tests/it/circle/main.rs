mod first;
mod second;
mod third;

fn main() {
    third::run();
}
