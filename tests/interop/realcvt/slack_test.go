package realcvt

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sahina/cvt/server/pb"

	"cvtplugin.dev/tests/interop/await"
)

// webhook is a Slack that says what was posted to it, and accepts it or not.
type webhook struct {
	url     string
	posts   chan string
	refuses atomic.Bool
}

func newWebhook(t *testing.T) *webhook {
	t.Helper()
	w := &webhook{posts: make(chan string, 64)}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		var message struct{ Text string }
		if err := json.NewDecoder(r.Body).Decode(&message); err != nil || r.URL.Path != "/"+secret {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		if w.refuses.Load() {
			http.Error(rw, "rate_limited", http.StatusTooManyRequests)
			return
		}
		w.posts <- message.Text
	}))
	t.Cleanup(server.Close)
	w.url = server.URL + "/" + secret
	return w
}

// wantPost fails the test unless this is posted next: a header, and lines that
// have this in them.
func (w *webhook) wantPost(t *testing.T, header string, parts ...string) {
	t.Helper()
	text := await.Value(t, header, w.posts)
	first, rest, _ := strings.Cut(text, "\n")
	if first != header {
		t.Errorf("posted %q, want %q", first, header)
	}
	for _, part := range parts {
		if !strings.Contains(rest, part) {
			t.Errorf("no %q in %q", part, rest)
		}
	}
}

// wantNoPost fails the test if anything else was posted.
func (w *webhook) wantNoPost(t *testing.T) {
	t.Helper()
	select {
	case text := <-w.posts:
		t.Errorf("posted too: %q", text)
	default:
	}
}

// withSlack is a home with the plugin, configured by its own stanza, and an
// outbox.
func withSlack(t *testing.T, w *webhook) *home {
	t.Helper()
	printed := slack.ask(t, "--config")
	config := strings.Replace(printed, `# outbox: ""`, "outbox: ~/.cvt/slack-outbox", 1)
	if config == printed {
		t.Fatalf("no outbox to set in %s", printed)
	}
	h := with(t, slack, config)
	h.set("SLACK_WEBHOOK_URL", w.url)
	return h
}

const failedPet = ":x: Validation failed: `schema` `GET /pets/7`"

func TestSlackPostsAFailedValidation(t *testing.T) {
	t.Parallel()
	w := newWebhook(t)
	h := withSlack(t, w)
	without := newHome(t).validate(t, badPet)
	if got := h.validate(t, badPet); got != without {
		t.Errorf("cvt says %+v, and without plugins %+v", got, without)
	}
	w.wantPost(t, failedPet, "id")
	h.validate(t, goodPet)
	w.wantNoPost(t)
	h.wantHidden(t)
	h.wantNoTraces(t)
}

func TestSlackPostsBreakingChanges(t *testing.T) {
	t.Parallel()
	w := newWebhook(t)
	s := withSlack(t, w).serve(t)
	s.register(t, "pets", petstore(t), false)
	s.register(t, "pets", brokenPetstore(t), false)
	for range 2 {
		compared, err := s.CompareSchemas(patient(t), &pb.CompareSchemasRequest{
			SchemaId: "pets", OldVersion: "1.0.0", NewVersion: "2.0.0",
		})
		if err != nil || len(compared.GetBreakingChanges()) == 0 {
			t.Errorf("CompareSchemas: %v, %v", compared, err)
		}
	}
	w.wantPost(t, ":warning: Breaking changes in `pets`: 1.0.0 → 2.0.0", "/pets/{id}")
	s.stop(t)
	w.wantNoPost(t)
	s.home.wantHidden(t, s.stdout.String(), s.log())
}

// TestSlackKeepsWhatWasNotAccepted: a cvt validate ends at once, and the next
// one sends what that could not.
func TestSlackKeepsWhatWasNotAccepted(t *testing.T) {
	t.Parallel()
	w := newWebhook(t)
	h := withSlack(t, w)
	w.refuses.Store(true)
	h.validate(t, badPet)
	w.wantNoPost(t)
	outbox := filepath.Join(h.dir, ".cvt/slack-outbox")
	if !strings.Contains(read(t, outbox), "Validation failed") {
		t.Errorf("the outbox has %q", read(t, outbox))
	}
	w.refuses.Store(false)
	h.validate(t, badPet)
	w.wantPost(t, failedPet)
	w.wantNoPost(t)
	if kept := read(t, outbox); kept != "" {
		t.Errorf("the outbox still has %q", kept)
	}
}
