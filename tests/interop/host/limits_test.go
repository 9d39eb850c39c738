package host

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"google.golang.org/grpc/codes"

	"cvtplugin.dev/tests/interop/await"
)

// TestTenThousandCalls lets none of them end before the last has come to
// its handler.
func TestTenThousandCalls(t *testing.T) {
	const calls = 10_000
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		gate := fmt.Sprintf("gate:%d", calls)
		var ended []<-chan outcome
		for range calls - 1 {
			call, err := begin(patient(t), p, gate)
			if err != nil {
				t.Fatal(err)
			}
			ended = append(ended, call)
		}
		mustServe(t, p, s)
		wantNoneEnded(t, ended)
		mustFetch(t, p, gate)
		for _, call := range ended {
			if a := await.Value(t, "call", call); a.err != nil || a.spec == "" {
				t.Fatalf("%q, %v", a.spec, a.err)
			}
		}
	})
}

func wantNoneEnded(t *testing.T, calls []<-chan outcome) {
	t.Helper()
	for _, call := range calls {
		if len(call) > 0 {
			t.Fatalf("ended too early: %v", <-call)
		}
	}
}

// TestKillWithBlockedHandlers is about handlers that block their threads for
// ever: everybody else is served, and Kill does not have to kill.
func TestKillWithBlockedHandlers(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, dir := s.launch(t)
		var blocked []<-chan outcome
		for range 6 {
			blocked = append(blocked, start(t, p, "block:3600000"))
		}
		for range 20 {
			mustServe(t, p, s)
		}
		wantNoneEnded(t, blocked)
		p.Kill()
		for _, call := range blocked {
			if a := await.Value(t, "blocked call", call); a.err == nil {
				t.Errorf("blocked call: got the response %q", a.spec)
			}
		}
		wantCleanEnd(t, p, dir)
	})
}

// TestSecondSigterm is about somebody who is in more of a hurry than a call in
// flight. A plugin that the first one ends needs no second.
func TestSecondSigterm(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, dir := s.launch(t)
		call := start(t, p, "sleep:3600000")
		signal(t, p, syscall.SIGTERM)
		await.Until(t, "new calls to be turned away", func() bool {
			_, err := fetch(t, p, s.knownID)
			return err != nil
		})
		if s.endsOnSignals {
			signal(t, p, syscall.SIGTERM)
		}
		await.Until(t, "the end", p.Exited)
		wantCode(t, "call in flight", await.Value(t, "call in flight", call).err, codes.Unavailable)
		p.Kill()
		if !s.endsOnSignals {
			return
		}
		wantCleanEnd(t, p, dir)
		// Without the second, this would say that the call had had its time.
		for _, record := range p.Log.All() {
			if strings.HasPrefix(record.Message, "giving up") {
				t.Error(record)
			}
		}
	})
}
