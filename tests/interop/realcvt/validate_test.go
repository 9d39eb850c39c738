package realcvt

import (
	"testing"
)

func TestFailedValidationReachesThePlugin(t *testing.T) {
	t.Parallel()
	without := newHome(t).validate(t, badPet)
	if without.code != 1 || without.stdout == "" {
		t.Fatalf("without plugins: %+v", without)
	}

	h := with(t, hello, hello.ask(t, "--config"))
	if got := h.validate(t, badPet); got != without {
		t.Errorf("cvt says %+v, and without plugins %+v", got, without)
	}
	h.wantLog(t, record{"@message": "hello, errors", "schema": "schema", "method": "OnValidationFailed"})
	h.wantNoTraces(t)
}

func TestPassedValidationIsNoEvent(t *testing.T) {
	t.Parallel()
	without := newHome(t).validate(t, goodPet)
	if without.code != 0 {
		t.Fatalf("without plugins: %+v", without)
	}

	h := with(t, hello, hello.ask(t, "--config"))
	if got := h.validate(t, goodPet); got != without {
		t.Errorf("cvt says %+v, and without plugins %+v", got, without)
	}
	h.wantLog(t)
	h.wantNoTraces(t)
}
