//! The group that a host shares a socket with.

use std::io;
use std::os::unix::fs::lchown;
use std::path::Path;

/// What `chown` takes for "leave it as it is".
const NO_GROUP: u32 = u32::MAX;

/// A group of this system.
pub(super) struct Group {
    id: u32,
    /// As the host has it: a name or a number.
    name: String,
}

impl Group {
    /// Finds the group that the host asks for, by its number or its name.
    pub(super) fn find(name: &str) -> Result<Self, String> {
        let id = match name.parse() {
            Ok(id) if id != NO_GROUP => id,
            _ => match nix::unistd::Group::from_name(name) {
                Ok(Some(group)) => group.gid.as_raw(),
                Ok(None) => {
                    return Err(format!(
                        "PLUGIN_UNIX_SOCKET_GROUP is {name:?}, which is no group of this system"
                    ));
                }
                Err(error) => {
                    return Err(format!(
                        "cannot look up the group {name:?} (PLUGIN_UNIX_SOCKET_GROUP): {error}"
                    ));
                }
            },
        };
        Ok(Self {
            id,
            name: name.to_owned(),
        })
    }

    /// Gives a file of ours to the group; a link itself, not what it leads to.
    pub(super) fn take(&self, path: &Path) -> io::Result<()> {
        lchown(path, None, Some(self.id)).map_err(|error| {
            let name = &self.name;
            let why = format!(
                "cannot share it with the group {name:?} (PLUGIN_UNIX_SOCKET_GROUP), of which this \
                 process has to be a member: {error}"
            );
            io::Error::new(error.kind(), why)
        })
    }
}
