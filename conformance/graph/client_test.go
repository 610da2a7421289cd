package graph

import (
	"errors"
	"net/http"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	khttp "github.com/microsoft/kiota-http-go"
	kjson "github.com/microsoft/kiota-serialization-json-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
	"github.com/microsoftgraph/msgraph-sdk-go-core/authentication"
	"github.com/microsoftgraph/msgraph-sdk-go/auditlogs"
	"github.com/microsoftgraph/msgraph-sdk-go/groups"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"winnow/conformance/company"
	"winnow/internal/acme"
	fake "winnow/internal/fake/entra"
)

// A client is the SDK, signed in to a tenant.
type client struct {
	adapter abstractions.RequestAdapter
	at      map[string]string // the base of every path
}

func (c *client) users() *users.UsersRequestBuilder {
	return users.NewUsersRequestBuilderInternal(c.at, c.adapter)
}

func (c *client) groups() *groups.GroupsRequestBuilder {
	return groups.NewGroupsRequestBuilderInternal(c.at, c.adapter)
}

func (c *client) principals() *serviceprincipals.ServicePrincipalsRequestBuilder {
	return serviceprincipals.NewServicePrincipalsRequestBuilderInternal(c.at, c.adapter)
}

func (c *client) logs() *auditlogs.AuditLogsRequestBuilder {
	return auditlogs.NewAuditLogsRequestBuilderInternal(c.at, c.adapter)
}

// open starts the tenant and the SDK for it.
func open(t *testing.T, o fake.Options) (*company.Tenant, *client) {
	t.Helper()
	tenant := company.OpenTenant(t, company.Write(t, acme.Entra), o)
	return tenant, sdk(t, tenant, company.TenantID, company.Secret)
}

// sdk builds the client as the SDK's own constructor does, with its whole
// chain of handlers, around a transport that trusts the test server.
func sdk(t *testing.T, tenant *company.Tenant, tenantID, secret string) *client {
	t.Helper()
	auth, err := authentication.NewAzureIdentityAuthenticationProviderWithScopesAndValidHosts(credential(t, tenant, tenantID, secret),
		[]string{tenant.URL + "/.default"}, []string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	abstractions.RegisterDefaultDeserializer(func() serialization.ParseNodeFactory { return kjson.NewJsonParseNodeFactory() })
	abstractions.RegisterDefaultSerializer(func() serialization.SerializationWriterFactory { return kjson.NewJsonSerializationWriterFactory() })
	o := core.GraphClientOptions{GraphServiceVersion: "v1.0", GraphServiceLibraryVersion: "1.97.0"}
	web := &http.Client{Transport: khttp.NewCustomTransportWithParentTransport(tenant.Transport, core.GetDefaultMiddlewaresWithOptions(&o)...)}
	adapter, err := core.NewGraphRequestAdapterBaseWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(auth, o, nil, nil, web)
	if err != nil {
		t.Fatal(err)
	}
	base := tenant.URL + "/v1.0"
	adapter.SetBaseUrl(base)
	return &client{adapter: adapter, at: map[string]string{"baseurl": base}}
}

// credential signs in with azidentity at the fake's token endpoint. Discovery
// is off: it would ask the public cloud whether the fake is genuine.
func credential(t *testing.T, tenant *company.Tenant, tenantID, secret string) azcore.TokenCredential {
	t.Helper()
	cred, err := azidentity.NewClientSecretCredential(tenantID, company.AppID, secret, &azidentity.ClientSecretCredentialOptions{
		ClientOptions: azcore.ClientOptions{
			Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: tenant.URL},
			Transport: &http.Client{Transport: tenant.Transport},
		}, DisableInstanceDiscovery: true})
	if err != nil {
		t.Fatal(err)
	}
	return cred
}

// entity is what all of Graph's objects are.
type entity interface{ GetId() *string }

// all reads a list from its first page, which the caller has asked for, to its
// last with the SDK's own iterator.
func all[T entity](t *testing.T, c *client, first any, err error, page serialization.ParsableFactory) []string {
	t.Helper()
	ids := []string{}
	each(t, c, first, err, page, func(item T) { ids = append(ids, *item.GetId()) })
	return ids
}

// each calls see for every item of a list.
func each[T entity](t *testing.T, c *client, first any, err error, page serialization.ParsableFactory, see func(T)) {
	t.Helper()
	if err != nil {
		t.Fatal(explain(err))
	}
	pages, err := core.NewPageIterator[T](first, c.adapter, page)
	if err != nil {
		t.Fatal(err)
	}
	if err := pages.Iterate(t.Context(), func(item T) bool { see(item); return true }); err != nil {
		t.Fatal(explain(err))
	}
}

// refusal returns the status and the code that the SDK took out of an answer.
func refusal(t *testing.T, err error) (status int, code string) {
	t.Helper()
	var e *odataerrors.ODataError
	if !errors.As(err, &e) || e.GetErrorEscaped() == nil || e.GetErrorEscaped().GetCode() == nil || e.GetErrorEscaped().GetMessage() == nil {
		t.Fatalf("the SDK sees no refusal of the platform: %v", err)
	}
	if in := e.GetErrorEscaped().GetInnerError(); in == nil || in.GetRequestId() == nil {
		t.Errorf("the refusal names no request: %v", err)
	}
	return e.ResponseStatusCode, *e.GetErrorEscaped().GetCode()
}

// explain adds the platform's code to an error, which does not print it.
func explain(err error) error {
	var e *odataerrors.ODataError
	if errors.As(err, &e) && e.GetErrorEscaped() != nil && e.GetErrorEscaped().GetCode() != nil {
		return errors.New(*e.GetErrorEscaped().GetCode() + ": " + err.Error())
	}
	return err
}
