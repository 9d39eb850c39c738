package host

import (
	"net"
	"testing"

	goplugin "github.com/hashicorp/go-plugin"
)

// listensOnTCP makes a Rust plugin do what every plugin does on Windows.
const listensOnTCP = "CVT_PLUGIN_NETWORK=tcp"

func TestTCP(t *testing.T) {
	forEachOurs(t, func(t *testing.T, s subject) {
		p, dir := s.launch(t, listensOnTCP)
		addr, ok := p.Addr().(*net.TCPAddr)
		if !ok || !addr.IP.IsLoopback() {
			t.Fatalf("the plugin listens at %v", p.Addr())
		}
		// go-plugin's range, as CVT sets none.
		if addr.Port < 10000 || addr.Port > 25000 {
			t.Errorf("the plugin took port %d", addr.Port)
		}
		mustServe(t, p, s)
		p.Kill()
		wantCleanEnd(t, p, dir)
	})
}

// TestTCPPorts has the host name a range of which the first port is taken.
func TestTCPPorts(t *testing.T) {
	forEachOurs(t, func(t *testing.T, s subject) {
		taken, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer taken.Close()
		first := taken.Addr().(*net.TCPAddr).Port
		last := min(first+50, 65535)
		p, dir := s.launchWith(t, func(config *goplugin.ClientConfig) {
			config.MinPort, config.MaxPort = uint(first), uint(last)
		}, listensOnTCP)
		if port := p.Addr().(*net.TCPAddr).Port; port <= first || port > last {
			t.Errorf("the plugin took port %d of %d to %d", port, first, last)
		}
		mustServe(t, p, s)
		p.Kill()
		wantCleanEnd(t, p, dir)
	})
}

// forEachOurs runs a test on every plugin in Rust.
func forEachOurs(t *testing.T, test func(*testing.T, subject)) {
	for _, s := range subjects {
		if s.variable != peerVariable {
			t.Run(s.title, func(t *testing.T) { test(t, s) })
		}
	}
}
