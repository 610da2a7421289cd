package rest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"winnow/internal/access"
)

// parseBase reads the configured base URL. It refuses credentials in the URL
// and, unless plain is set, http:// to any host but this machine.
func parseBase(base string, plain bool) (*url.URL, error) {
	u, err := url.Parse(base)
	if err != nil {
		// The parser's message repeats the URL, which may hold a password.
		return nil, errors.New("parse the base url: not a url")
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "", u.Opaque != "":
		return nil, access.WithHint(fmt.Errorf("parse the base url %q: it needs https:// and a host", u.Redacted()),
			"write it as https://host, for instance https://acme.okta.com")
	case u.User != nil:
		return nil, errors.New("parse the base url: it holds a user name or password")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("parse the base url %q: it holds a query", u.Redacted())
	case u.Scheme == "http" && !plain && !isLoopback(u.Hostname()):
		return nil, access.WithHint(fmt.Errorf("use the base url %q: http sends the credential in the clear", u.Redacted()),
			"use https://; plain http is for servers on this machine")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// isLoopback reports whether host is this machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// resolve turns ref into a full URL on the base's scheme, host and port. A
// link to anywhere else is refused: it came out of an answer, and following it
// would hand the credential to whoever wrote it.
func resolve(base *url.URL, ref string) (*url.URL, error) {
	u, err := url.Parse(ref)
	if err != nil {
		return nil, fmt.Errorf("parse the link %q: not a url", access.Printable(ref))
	}
	if u.Scheme == "" && u.Host == "" {
		full := *base
		full.Path = base.Path + "/" + strings.TrimLeft(u.Path, "/")
		full.RawPath = ""
		if u.RawPath != "" || base.RawPath != "" {
			full.RawPath = base.EscapedPath() + "/" + strings.TrimLeft(u.EscapedPath(), "/")
		}
		full.RawQuery = u.RawQuery
		return &full, nil
	}
	if err := sameOrigin(base, u); err != nil {
		return nil, err
	}
	u.Fragment = ""
	return u, nil
}

// sameOrigin returns an error unless u has the base's scheme, host and port and
// carries no credentials of its own.
func sameOrigin(base, u *url.URL) error {
	if u.User == nil && u.Scheme == base.Scheme && strings.EqualFold(u.Hostname(), base.Hostname()) && port(u) == port(base) {
		return nil
	}
	return access.WithHint(
		fmt.Errorf("refuse a link to %s://%s: the configured host is %s://%s", u.Scheme, access.Printable(u.Host), base.Scheme, base.Host),
		"credentials go to the configured host only; if the platform moved, or a proxy stands between, set the base url to the host that its links name")
}

// port returns the URL's port, with the scheme's own when none is written.
func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}
