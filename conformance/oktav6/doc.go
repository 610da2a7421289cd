// Package oktav6 holds the fake org against okta-sdk-golang v6, the vendor's
// current SDK, whose strict decoding also judges the shape of every item.
package oktav6
