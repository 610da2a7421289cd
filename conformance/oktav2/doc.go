// Package oktav2 holds the fake org against okta-sdk-golang v2, which the
// vendor has retired and many programs still use.
package oktav2
