package ollama

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/ollama/ollama/api"

	"winnow/internal/access"
)

// maxBody is the most that is read of any answer of the server. An answer to a
// prompt of ours has a hundredth of it.
const maxBody = 1 << 20

// connectTime is how long the server may take to accept a connection.
const connectTime = 5 * time.Second

// errTooLong ends the reading of an answer that would not end.
var errTooLong = fmt.Errorf("read the model's answer: it is longer than %d bytes", maxBody)

var errBrokeOff = errors.New("the answer broke off")

// A client speaks to one server.
type client struct {
	api   *api.Client
	model string
}

func newClient(host, model string) (*client, error) {
	base, err := url.Parse(host)
	if err != nil {
		return nil, fmt.Errorf("read the address of the model's server: %w", err)
	}
	return &client{api: api.NewClient(base, &http.Client{
		Transport: &capped{&http.Transport{
			// No proxy: what a model is asked goes to the host that is configured
			// and nowhere else.
			DialContext:            (&net.Dialer{Timeout: connectTime}).DialContext,
			TLSHandshakeTimeout:    connectTime,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConns:           4,
			IdleConnTimeout:        time.Minute,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("the server sends elsewhere") },
	}), model: model}, nil
}

// capped cuts every answer off at maxBody.
type capped struct{ next *http.Transport }

func (c *capped) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	tell, _ := r.Context().Value(faultKey{}).(*atomic.Pointer[error])
	resp.Body = &cappedBody{ReadCloser: resp.Body, left: maxBody, tell: tell}
	return resp, nil
}

type cappedBody struct {
	io.ReadCloser
	left int64
	tell *atomic.Pointer[error] // why reading ended; may be nil
}

// faultKey is the key of a context under which a body tells why it ended: the
// client of the api takes an answer that breaks off for one that is complete.
type faultKey struct{}

func (b *cappedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		n, err = 0, errTooLong
	}
	if err != nil && err != io.EOF && b.tell != nil {
		b.tell.Store(&err)
	}
	return n, err
}

// identity is what the server says of itself and of the model.
type identity struct {
	version string // of the server
	digest  string // of the model
}

// look asks for the server's version and the model's digest. It fails when the
// model is not there, or is one that the server passes on to another.
func (c *client) look(ctx context.Context) (identity, error) {
	version, err := c.api.Version(ctx)
	if err != nil {
		return identity{}, reason("reach the model's server", err)
	}
	list, err := c.api.List(ctx)
	if err != nil {
		return identity{}, reason("list the server's models", err)
	}
	for _, m := range list.Models {
		if m.Name != c.model && m.Name != c.model+":latest" {
			continue
		}
		if m.RemoteHost != "" || m.RemoteModel != "" {
			return identity{}, access.WithHint(fmt.Errorf("use the model %s: the server passes it on to another host", access.CleanName(c.model, access.NameLimit)),
				"choose a model that runs on the server itself")
		}
		return identity{version: access.CleanName(version, access.NameLimit), digest: access.CleanName(m.Digest, 80)}, nil
	}
	return identity{}, access.WithHint(fmt.Errorf("find the model %s: the server does not have it", access.CleanName(c.model, access.NameLimit)),
		"ollama list shows what the server has; ollama pull fetches a model")
}

// A question is one call of the model.
type question struct {
	prompt  string
	format  json.RawMessage // JSON schema of the answer
	context int             // tokens that prompt and answer may have together
	predict int             // tokens that the answer may have
}

// A reply is what the model answered, and what that took.
type reply struct {
	text   string
	tokens int           // of the answer
	took   time.Duration // for these
}

// ask puts a question. The same question gets the same answer: the temperature
// is nought and the seed is fixed.
func (c *client) ask(ctx context.Context, q question) (reply, error) {
	var out reply
	var broke atomic.Pointer[error]
	ctx = context.WithValue(ctx, faultKey{}, &broke)
	stream, cut, done := false, false, false
	err := c.api.Chat(ctx, &api.ChatRequest{
		Model: c.model, Messages: []api.Message{{Role: "user", Content: q.prompt}}, Stream: &stream, Format: q.format,
		KeepAlive: &api.Duration{Duration: keepAlive}, Think: &api.ThinkValue{Value: false}, Truncate: &cut,
		Options: map[string]any{"temperature": 0, "seed": 1, "num_ctx": q.context, "num_predict": q.predict},
	}, func(r api.ChatResponse) error {
		out.text += r.Message.Content
		out.tokens, out.took, done = r.EvalCount, r.EvalDuration, r.Done
		return nil
	})
	if why := broke.Load(); err == nil && why != nil {
		err = *why
	}
	if err == nil && !done {
		err = cmp.Or(ctx.Err(), errBrokeOff)
	}
	if err != nil {
		return reply{}, reason("ask the model", err)
	}
	return out, nil
}

// reason words a fault of the server. What the server writes is cleaned and cut
// short.
func reason(what string, err error) error {
	if errors.Is(err, errTooLong) {
		return fmt.Errorf("%s: %w", what, errTooLong)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: no answer in time: %w", what, context.DeadlineExceeded)
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", what, context.Canceled)
	}
	return fmt.Errorf("%s: %s", what, access.CleanName(err.Error(), 200))
}
