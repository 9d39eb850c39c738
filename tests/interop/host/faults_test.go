package host

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	eventspb "github.com/sahina/cvt/pkg/cvtplugin/pb/events/v1"
	registrypb "github.com/sahina/cvt/pkg/cvtplugin/pb/registry/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"cvtplugin.dev/tests/interop/await"
)

const mebibyte = 1 << 20

// TestRequestSize goes to the limit of 4 MiB and past it.
func TestRequestSize(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		for size, want := range map[int]codes.Code{
			4 * mebibyte:   codes.OK,
			4*mebibyte + 1: codes.ResourceExhausted,
			5 * mebibyte:   codes.ResourceExhausted,
		} {
			_, err := p.Registry.FetchSchema(patient(t), requestOfSize(s.knownID, size))
			wantCode(t, fmt.Sprintf("request of %d bytes", size), err, want)
			mustServe(t, p, s)
		}
	})
}

// requestOfSize pads a request to a size on the wire.
func requestOfSize(id string, size int) *registrypb.FetchSchemaRequest {
	request := &registrypb.FetchSchemaRequest{SchemaId: id, RequestId: strings.Repeat("r", size/2)}
	request.RequestId += strings.Repeat("r", size-proto.Size(request))
	return request
}

func TestBigSpec(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		const size = 10 * mebibyte
		if got := mustFetch(t, p, fmt.Sprintf("bytes:%d", size)); got != strings.Repeat("x", size) {
			t.Errorf("got %d bytes, starting with %.20q", len(got), got)
		}
	})
}

// TestUnknownMethod calls what a newer host might.
func TestUnknownMethod(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		for _, method := range []string{
			"/cvt.plugin.events.v1.EventHandler/OnSomethingNew",
			"/cvt.plugin.registry.v2.RegistryProvider/FetchSchema",
		} {
			err := p.Conn.Invoke(patient(t), method, validationFailed, &eventspb.EventResponse{})
			wantCode(t, method, err, codes.Unimplemented)
			mustServe(t, p, s)
		}
	})
}

// TestMalformedFrames sends garbage on connections beside the host's.
func TestMalformedFrames(t *testing.T) {
	const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	garbage := bytes.Repeat([]byte{0xff}, 4096)
	forEach(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		for _, sent := range [][]byte{
			[]byte("this is no HTTP, and longer than a preface\n"),
			garbage,
			append([]byte(preface), garbage...),
			// A frame that is too short for what it says it is: SETTINGS.
			append([]byte(preface), 0, 0, 1, 4, 0, 0, 0, 0, 0, 0xff),
		} {
			sendUntilClosed(t, p.Socket(), sent)
			mustServe(t, p, s)
		}
	})
}

// sendUntilClosed returns when the other side has seen enough of the
// connection.
func sendUntilClosed(t *testing.T, socket string, content []byte) {
	t.Helper()
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(await.Timeout)); err != nil {
		t.Fatal(err)
	}
	// The other side may hang up before it has read everything.
	_, _ = conn.Write(content)
	if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("still open after %.30q", content)
	}
}

// TestMalformedMessage puts what is not protobuf into a proper frame.
func TestMalformedMessage(t *testing.T) {
	forEach(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		if got, err := rawFetch(t, p.Socket(), []byte("\xff\xff\xff"), nil); got != codes.Internal {
			t.Errorf("malformed message: %v, %v; want %v", got, err, codes.Internal)
		}
		mustServe(t, p, s)
	})
}

// TestDeadlineOfThePlugin looks at how the plugin itself ends a call, which a
// grpc-go host does not wait for.
func TestDeadlineOfThePlugin(t *testing.T) {
	forEachWithWords(t, func(t *testing.T, s subject) {
		p, _ := s.launch(t)
		request, err := proto.Marshal(&registrypb.FetchSchemaRequest{SchemaId: "sleep:60000"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := rawFetch(t, p.Socket(), request, map[string]string{"Grpc-Timeout": "50m"})
		if got != codes.DeadlineExceeded && (s.reportsDeadline || err == nil) {
			t.Errorf("past the deadline: %v, %v; want %v", got, err, codes.DeadlineExceeded)
		}
		mustServe(t, p, s)
	})
}

// rawFetch calls FetchSchema on a connection of its own, by plain HTTP/2, and
// returns the status, or how the stream broke.
func rawFetch(t *testing.T, socket string, message []byte, headers map[string]string) (codes.Code, error) {
	t.Helper()
	frame := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message)))
	request, err := http.NewRequestWithContext(patient(t), http.MethodPost,
		"http://unused"+fetchSchema,
		bytes.NewReader(append(frame, message...)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/grpc")
	request.Header.Set("Te", "trailers")
	for name, value := range headers {
		request.Header.Set(name, value)
	}

	transport := plainHTTP2(socket)
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(request)
	if err != nil {
		return codes.OK, err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return codes.OK, err
	}
	return statusIn(response)
}

func plainHTTP2(socket string) *http.Transport {
	transport := &http.Transport{
		Protocols: &http.Protocols{},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
	}
	transport.Protocols.SetUnencryptedHTTP2(true)
	return transport
}

// statusIn reads a gRPC status, which without a message is in the headers.
func statusIn(response *http.Response) (codes.Code, error) {
	text := response.Trailer.Get("Grpc-Status")
	if text == "" {
		text = response.Header.Get("Grpc-Status")
	}
	code, err := strconv.ParseUint(text, 10, 32)
	return codes.Code(code), err
}
