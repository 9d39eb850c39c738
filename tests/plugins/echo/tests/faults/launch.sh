#!/bin/sh
# Does what $LAUNCH says: a host launches binaries, and without arguments.
eval "$LAUNCH"
