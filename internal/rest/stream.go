package rest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"winnow/internal/access"
)

// headOfStream is how much of an answer is looked at before it is handed over,
// in bytes; maxRefusal is how much of a refusal is read.
const (
	headOfStream = 512
	maxRefusal   = 1 << 20
)

// A Stream is a good answer whose body is still arriving. Whoever opened it
// closes it.
type Stream struct {
	Status int
	Header http.Header
	URL    string // the full URL that was asked, without credentials
	body   io.Reader
	shut   func() error
}

// Read implements io.Reader. It fails when the server falls silent, takes
// longer than TotalTimeout, sends more than MaxBody, or is cut off before the
// end that it announced.
func (s *Stream) Read(p []byte) (int, error) { return s.body.Read(p) }

// Close releases the connection.
func (s *Stream) Close() error { return s.shut() }

// Open is Get for answers that are too large to hold: it returns once the
// answer has begun. Only what happens before that is retried.
func (c *Client) Open(ctx context.Context, ref string, header http.Header) (*Stream, error) {
	u, err := resolve(c.base, ref)
	if err != nil {
		return nil, err
	}
	var last *Stream
	_, err = c.retry(ctx, call{method: http.MethodGet, url: u, header: header,
		send: func(ctx context.Context, k call) (*Page, *http.Request, error) {
			s, p, r, err := c.begin(ctx, k)
			last = s
			return p, r, err
		}})
	if err != nil {
		if last != nil {
			err = errors.Join(err, last.Close()) // it was a web page
		}
		return nil, fmt.Errorf("GET %s: %w", access.Printable(shorten(u.Path, 200)), err)
	}
	return last, nil
}

// begin sends the call and reads the beginning of a good answer, which becomes
// the page's body; a refusal is read to its end and has no stream.
func (c *Client) begin(ctx context.Context, k call) (*Stream, *Page, *http.Request, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	r, err := c.request(ctx, k)
	if err != nil {
		cancel(nil)
		return nil, nil, nil, err
	}
	total := time.AfterFunc(c.opts.TotalTimeout, func() { cancel(errTotal) })
	idle := time.AfterFunc(c.opts.IdleTimeout, func() { cancel(errIdle) })
	stop := func() { total.Stop(); idle.Stop(); cancel(nil) }
	resp, err := c.http.Do(r) //nolint:bodyclose // the stream closes it
	if err != nil {
		err = causeOf(ctx, err)
		stop()
		return nil, nil, r, err
	}
	if c.opts.Observe != nil {
		c.opts.Observe(r, resp.StatusCode, resp.Header)
	}
	arriving := &bounded{ctx: ctx, left: c.opts.MaxBody, limit: c.opts.MaxBody,
		r: aliveReader{resp.Body, func() { idle.Reset(c.opts.IdleTimeout) }}}
	page := &Page{Status: resp.StatusCode, Header: resp.Header, URL: k.url.String()}
	if resp.StatusCode >= http.StatusMultipleChoices {
		page.Body, err = io.ReadAll(io.LimitReader(arriving, maxRefusal))
		stop()
		return nil, page, r, errors.Join(err, resp.Body.Close())
	}
	ahead := bufio.NewReaderSize(arriving, 64<<10)
	if page.Body, err = ahead.Peek(headOfStream); err != nil && !errors.Is(err, io.EOF) {
		stop()
		return nil, nil, r, errors.Join(err, resp.Body.Close())
	}
	shut := func() error { stop(); return resp.Body.Close() }
	return &Stream{Status: resp.StatusCode, Header: resp.Header, URL: page.URL, body: ahead, shut: shut}, page, r, nil
}

// bounded reads an answer of at most limit bytes and tells why it was cut.
type bounded struct {
	ctx         context.Context
	r           io.Reader
	left, limit int64
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, access.WithHint(fmt.Errorf("read the answer: more than %d bytes", b.limit), "ask for less at once")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("read the answer: %w", causeOf(b.ctx, err))
	}
	return n, err
}
