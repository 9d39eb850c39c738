//! What may be wrong with a plugin.

use clap::ValueEnum;

/// What is wrong with the plugin. Its name in `BROKEN` is the variant's in kebab case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// Nothing: without `BROKEN`.
    None,
    /// Serves whoever starts it.
    IgnoresCookie,
    /// Serves whoever has a cookie, be it the wrong one.
    TakesAnyCookie,
    /// Explains itself on stdout when started without a host.
    ExplainsOnStdout,
    /// Prints a line before the handshake line.
    NoiseBeforeHandshake,
    /// Prints a line after the handshake line.
    NoiseAfterHandshake,
    /// Is still busy when the time for the handshake is over.
    LateHandshake,
    /// Has version 2 in its handshake line.
    VersionInHandshake,
    /// Has version 2 in `Info`.
    VersionInInfo,
    /// Does not serve `grpc.health.v1.Health`.
    NoHealth,
    /// Serves the health of another name than `plugin`.
    HealthOfAnotherName,
    /// Has no name.
    Nameless,
    /// Declares `registry` in the place of `registry.v1`.
    MisnamedService,
    /// Declares a registry and serves none.
    UnservedRegistry,
    /// Serves events without declaring them.
    UndeclaredEvents,
    /// Serves everything, known or not.
    RespondsToAnything,
    /// Is never ready.
    NotServing,
    /// Refuses a key that it does not know.
    RefusesUnknownKeys,
    /// Dies of a malformed request.
    DiesOfMalformed,
    /// Dies of a schema id that is empty, as if a handler had panicked.
    DiesOfPanic,
    /// Takes requests of any size.
    TakesAnySize,
    /// No longer responds after 32 calls.
    StallsUnderLoad,
    /// Lets a call that has little time hang.
    IgnoresDeadlines,
    /// Takes its time, whatever the deadline.
    RespondsLate,
    /// Logs the token.
    LeaksSecretToLog,
    /// Quotes the token in an error.
    LeaksSecretInError,
    /// Refuses the token, and quotes it.
    LeaksSecretInRefusal,
    /// Refuses a token that no header can hold, and quotes it.
    LeaksOddSecret,
    /// Logs the token in base64, as it is sent.
    LeaksEncodedSecret,
    /// Logs a record whose `@message` is a number.
    NumericMessage,
    /// Logs timestamps with three fractional digits.
    OddTimestamps,
    /// Logs a line of more than 64 KiB.
    LongLines,
    /// Does not respond to `Shutdown`.
    HangsOnShutdown,
    /// Responds to `Shutdown`, and stays.
    StaysAfterShutdown,
    /// Ends with an exit code that is not 0.
    FailsAtTheEnd,
    /// Ends while calls are in flight.
    DropsCalls,
    /// Leaves a child behind that has its stdout and stderr.
    LeavesChild,
    /// Leaves its socket behind.
    LeavesSocket,
    /// Has its socket where everybody has theirs, open to all.
    SharedDirectory,
    /// Does not care where the host wants the socket.
    IgnoresSocketDirectory,
    /// Dies of Ctrl-C.
    DiesOfSigint,
    /// Dies of SIGTERM without tidying up.
    DiesOfSigterm,
    /// Does not care about SIGTERM.
    IgnoresSigterm,
    /// Does not end before its host has closed the streams that it leaves open.
    WaitsForStreams,
    /// Outlives its host.
    Orphan,
}

impl Fault {
    /// The fault that the variable `BROKEN` names.
    pub(crate) fn of_the_environment() -> Result<Self, String> {
        match std::env::var("BROKEN") {
            Ok(name) => Self::from_str(&name, false),
            Err(_) => Ok(Self::None),
        }
    }

    /// Its name in `BROKEN`.
    pub fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }
}
