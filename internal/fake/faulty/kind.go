package faulty

// A Kind is one way for a single answer to go wrong.
type Kind string

// The kinds. Those that spoil a list's links or cursor leave other answers as
// they are.
const (
	TooMany       Kind = "429"                   // with a reset a few seconds ahead
	TooManyBare   Kind = "429 without headers"   //
	ResetPast     Kind = "429, reset past"       // the reset lies behind the server's own Date
	ResetTwice    Kind = "429, two resets"       // the later counts
	RetryAfter    Kind = "429, retry-after"      //
	Internal      Kind = "500"                   //
	BadGateway    Kind = "502 with a web page"   //
	Unavailable   Kind = "503"                   //
	GatewayTime   Kind = "504"                   //
	CutBody       Kind = "connection cut"        // in mid-body, of an announced length
	CutChunk      Kind = "connection cut, chunk" // in mid-body, of no announced length
	WebPage       Kind = "200 with a web page"   // a proxy or a sign-in page
	LinkElsewhere Kind = "link to another host"  //
	CursorExpired Kind = "cursor expired"        //
	PageRepeats   Kind = "page repeats"          // the page before is served once more
	TokenExpired  Kind = "token expired"         // 401, once
)

// Kinds lists every kind.
var Kinds = []Kind{TooMany, TooManyBare, ResetPast, ResetTwice, RetryAfter, Internal, BadGateway, Unavailable, GatewayTime,
	CutBody, CutChunk, WebPage, LinkElsewhere, CursorExpired, PageRepeats, TokenExpired}

// Passing lists the kinds that pass by themselves: a client with patience gets
// everything through them.
var Passing = []Kind{TooMany, TooManyBare, ResetPast, ResetTwice, RetryAfter, Internal, BadGateway, Unavailable, GatewayTime,
	CutBody, CutChunk, PageRepeats, TokenExpired}
