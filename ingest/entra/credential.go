package entra

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"winnow/internal/access"
)

// newCredential makes the credential that the options name: a certificate, a
// workload's identity, or a secret.
func newCredential(o Options) (azcore.TokenCredential, error) {
	ways := 0
	for _, given := range []bool{o.ClientSecret != "", o.Certificate != "", o.WorkloadIdentity} {
		if given {
			ways++
		}
	}
	switch {
	case ways == 0 || (o.TenantID == "" || o.ClientID == "") && !o.WorkloadIdentity:
		return nil, access.WithHint(errors.New("sign in to entra: credentials are missing"),
			"give tenant_id, client_id and one of client_secret, certificate or workload_identity of an app registration; or access_token")
	case ways > 1:
		return nil, access.WithHint(errors.New("sign in to entra: there is more than one credential"),
			"keep one of client_secret, certificate and workload_identity")
	}
	var cred azcore.TokenCredential
	var err error
	switch {
	case o.Certificate != "":
		cred, err = certificateCredential(o)
	case o.WorkloadIdentity:
		cred, err = workloadCredential(o)
	default:
		cred, err = azidentity.NewClientSecretCredential(o.TenantID, o.ClientID, o.ClientSecret,
			&azidentity.ClientSecretCredentialOptions{ClientOptions: o.client(), DisableInstanceDiscovery: o.ownAuthority()})
	}
	if err != nil {
		if access.HintOf(err) != "" {
			return nil, err
		}
		return nil, access.WithHint(fmt.Errorf("prepare the sign-in to entra: %w", err),
			"check tenant_id, client_id and authority_url, which must be https")
	}
	return cred, nil
}

// certificateCredential signs in with the private key of a certificate, in PEM
// or PFX form.
func certificateCredential(o Options) (azcore.TokenCredential, error) {
	certs, key, err := azidentity.ParseCertificates([]byte(o.Certificate), []byte(o.CertificatePassword))
	if err != nil {
		// The parser's words could repeat a part of the key: they are left out.
		return nil, access.WithHint(errors.New("read the certificate of the entra app: no certificate with its private key"),
			"certificate is a PEM or PFX file with the certificate and its private key; a PFX may need certificate_password")
	}
	return azidentity.NewClientCertificateCredential(o.TenantID, o.ClientID, certs, key,
		&azidentity.ClientCertificateCredentialOptions{ClientOptions: o.client(), DisableInstanceDiscovery: o.ownAuthority()})
}

// workloadCredential exchanges the token that a cluster writes into a file for
// one of the app. What the options leave out is in the cluster's environment:
// AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE.
func workloadCredential(o Options) (azcore.TokenCredential, error) {
	cred, err := azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: o.client(), DisableInstanceDiscovery: o.ownAuthority(),
		TenantID: o.TenantID, ClientID: o.ClientID, TokenFilePath: o.TokenFile})
	if err != nil {
		return nil, access.WithHint(fmt.Errorf("prepare the workload identity of entra: %w", err),
			"give tenant_id, client_id and token_file, or run where the cluster sets them (AZURE_FEDERATED_TOKEN_FILE)")
	}
	return cred, nil
}

// client is how the library reaches the authority.
func (o Options) client() azcore.ClientOptions {
	var c azcore.ClientOptions
	c.Cloud.ActiveDirectoryAuthorityHost = o.AuthorityURL
	if o.Transport != nil {
		c.Transport = &http.Client{Transport: o.Transport}
	}
	return c
}

// ownAuthority reports whether the user named the authority. Discovery asks a
// public host which authorities are genuine; one that the user named needs no
// such blessing, and a closed cloud cannot ask.
func (o Options) ownAuthority() bool { return o.AuthorityURL != defaultAuthority }

// credentialHint is the way out of a refused sign-in.
func (o Options) credentialHint() string {
	switch {
	case o.Certificate != "":
		return "check tenant_id and client_id, and that the app registration lists this certificate, which may have expired"
	case o.WorkloadIdentity:
		return "check that the app registration has a federated credential for this workload's issuer and subject"
	}
	return "check tenant_id, client_id and the client secret, which may have expired"
}
