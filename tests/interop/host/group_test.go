package host

import (
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"

	goplugin "github.com/hashicorp/go-plugin"
)

// TestGroup is about a host that shares its plugins' sockets with a group.
func TestGroup(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		gid := groupToShareWith(t)
		p, _ := s.launchWith(t, func(config *goplugin.ClientConfig) {
			config.UnixSocketConfig = &goplugin.UnixSocketConfig{
				Group:   strconv.Itoa(gid),
				TempDir: tempDir(t),
			}
		})
		info, err := os.Stat(p.Socket())
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o660 {
			t.Errorf("the socket has mode %o", mode)
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok || int(stat.Gid) != gid {
			t.Errorf("the socket is not of group %d: %+v", gid, info.Sys())
		}
		mustServe(t, p, s)
		socket := p.Socket()
		p.Kill()
		if _, err := os.Lstat(socket); !os.IsNotExist(err) {
			t.Errorf("after the end, the socket: %v", err)
		}
		if code := p.ExitCode(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}

// groupToShareWith is a group other than this process's first, if it has the
// right to give files to one.
func groupToShareWith(t *testing.T) int {
	t.Helper()
	if os.Getuid() == 0 {
		return 54321
	}
	groups, err := os.Getgroups()
	if err != nil {
		t.Fatal(err)
	}
	groups = slices.DeleteFunc(groups, func(gid int) bool { return gid == os.Getgid() })
	return append(groups, os.Getgid())[0]
}
