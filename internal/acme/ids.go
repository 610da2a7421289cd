package acme

// The kinds of identifiers, for the hash that makes them unrelated.
const (
	idUser = iota + 1
	idGroup
	idApp
	idRule
	idRole
	idEvent
	idSession
	idAssignment
	idDevice
	idPolicy
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// oktaID returns a 20 character identifier in Okta's manner: a prefix that
// says the kind (00u, 00g, 0oa, 0pr …), 13 characters, and the org's suffix.
func (c *Company) oktaID(prefix string, kind, n int) string {
	b := make([]byte, 0, 20)
	b = append(b, prefix...)
	b = appendBase62(b, mix(c.opt.Seed, kind, n), 20-len(prefix)-4)
	return string(append(b, "4ac7"...))
}

// guid returns a version 4 GUID in lower case.
func (c *Company) guid(kind, n int) string {
	return string(appendGUID(nil, mix(c.opt.Seed, kind, n)))
}

// appendBase62 writes n characters; 64 bits last for ten of them.
func appendBase62(b []byte, h uint64, n int) []byte {
	rest := h
	for i := range n {
		if i%10 == 9 {
			rest = mix(h, i)
		}
		b = append(b, base62[rest%62])
		rest /= 62
	}
	return b
}

const hexDigits = "0123456789abcdef"

func appendHex(b []byte, h uint64, n int) []byte {
	for range n {
		b = append(b, hexDigits[h&15])
		h >>= 4
	}
	return b
}

// appendGUID writes a GUID drawn from a hash, with the marks of version 4.
func appendGUID(b []byte, hi uint64) []byte {
	lo := mix(hi, idEvent)
	b = appendHex(b, hi, 8)
	b = append(b, '-')
	b = appendHex(b, hi>>32, 4)
	b = append(b, '-', '4')
	b = appendHex(b, hi>>48, 3)
	b = append(b, '-', "89ab"[lo&3])
	b = appendHex(b, lo>>2, 3)
	b = append(b, '-')
	return appendHex(b, lo>>14, 12)
}
