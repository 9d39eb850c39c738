//! What the public API promises, tried from outside: see the tests.
