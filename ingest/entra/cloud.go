package entra

import (
	"fmt"

	"winnow/internal/access"
)

// A cloud is where a national cloud has its sign-in and its Graph.
type cloud struct{ authority, graph string }

// clouds are Microsoft's clouds by their name in the configuration.
var clouds = map[string]cloud{
	"":         {defaultAuthority, defaultGraph},
	"public":   {defaultAuthority, defaultGraph},
	"usgov":    {"https://login.microsoftonline.us", "https://graph.microsoft.us"},
	"usgovdod": {"https://login.microsoftonline.us", "https://dod-graph.microsoft.us"},
	"china":    {"https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"},
}

// withCloud fills the URLs that were left empty with those of the cloud.
func (o Options) withCloud() (Options, error) {
	c, ok := clouds[o.Cloud]
	if !ok {
		return o, access.WithHint(fmt.Errorf("choose the cloud %q: it is not known", access.Printable(o.Cloud)),
			"public, usgov, usgovdod or china; any other by authority_url and graph_url")
	}
	if o.AuthorityURL == "" {
		o.AuthorityURL = c.authority
	}
	if o.GraphURL == "" {
		o.GraphURL = c.graph
	}
	return o, nil
}
