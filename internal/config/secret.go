package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"winnow/internal/access"
)

// A Secret is a reference to a credential: ${NAME} for an environment variable
// or file:path for a file that only its owner can read. It never prints what
// it refers to.
type Secret struct {
	env  string
	file string
}

var envRef = regexp.MustCompile(`^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$`)

const referenceHint = `write "${NAME}" for an environment variable or file:path for a file of mode 0600`

// maxSecret bounds what is read as one secret: keys and tokens are a few
// kilobytes, and a path to a log or a device is a mistake.
const maxSecret = 64 << 10

// parseSecret reads a reference. Its error never repeats the text, which may
// be the credential itself.
func parseSecret(text string) (Secret, error) {
	if m := envRef.FindStringSubmatch(text); m != nil {
		return Secret{env: m[1]}, nil
	}
	if path, ok := strings.CutPrefix(text, "file:"); ok && path != "" {
		return Secret{file: path}, nil
	}
	return Secret{}, access.WithHint(errors.New("is not a reference to a secret"), referenceHint)
}

// IsZero reports whether no reference was given.
func (s Secret) IsZero() bool { return s.env == "" && s.file == "" }

// Reveal returns what the reference points to, without surrounding white
// space. It fails when the variable is unset or empty, and when the file is
// missing, empty or readable by others than its owner.
func (s Secret) Reveal() (string, error) {
	switch {
	case s.env != "":
		return fromEnvironment(s.env)
	case s.file != "":
		return fromFile(s.file)
	}
	return "", nil
}

func fromEnvironment(name string) (string, error) {
	v := strings.TrimSpace(os.Getenv(name))
	if v == "" {
		return "", access.WithHint(fmt.Errorf("environment variable %s is not set", name),
			"export it in the job's environment, or refer to a file with file:path")
	}
	return v, nil
}

func fromFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("open secret file: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	info, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("inspect secret file: %w", err)
	}
	if mode := info.Mode(); !mode.IsRegular() || mode.Perm()&0o077 != 0 {
		return "", access.WithHint(fmt.Errorf("secret file %s has mode %s and can be read by others", path, mode),
			"chmod 600 "+path)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err != nil {
		return "", fmt.Errorf("read secret file: %w", err)
	}
	v := string(b)
	if utf8.Valid(b) { // a certificate may be binary, and end in any byte
		v = strings.TrimSpace(v)
	}
	if v == "" || len(b) > maxSecret {
		return "", fmt.Errorf("secret file %s is empty or larger than %d bytes", path, maxSecret)
	}
	return v, nil
}

// resolve makes a file reference absolute.
func (s *Secret) resolve(dir string) {
	if s.file != "" && !filepath.IsAbs(s.file) {
		s.file = filepath.Join(dir, s.file)
	}
}

// String returns the reference, which is no secret.
func (s Secret) String() string {
	switch {
	case s.env != "":
		return "${" + s.env + "}"
	case s.file != "":
		return "file:" + s.file
	}
	return ""
}

// MarshalText returns the reference.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
