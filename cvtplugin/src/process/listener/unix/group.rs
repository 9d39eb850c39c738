//! The group that a host shares a socket with.

use std::os::unix::fs::lchown;
use std::path::Path;

use super::ListenError;

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
    pub(super) fn find(name: &str) -> Result<Self, ListenError> {
        let name = name.to_owned();
        let id = match name.parse() {
            Ok(id) if id != NO_GROUP => id,
            _ => match nix::unistd::Group::from_name(&name) {
                Ok(Some(group)) => group.gid.as_raw(),
                Ok(None) => return Err(ListenError::UnknownGroup { name }),
                Err(errno) => {
                    let error = errno.into();
                    return Err(ListenError::GroupLookup { name, error });
                }
            },
        };
        Ok(Self { id, name })
    }

    /// Gives a file of ours to the group; a link itself, not what it leads to.
    pub(super) fn take(&self, path: &Path) -> Result<(), ListenError> {
        lchown(path, None, Some(self.id)).map_err(|error| ListenError::GroupNotOurs {
            name: self.name.clone(),
            error,
        })
    }
}
