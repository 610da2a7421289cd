package main

import (
	"errors"

	"winnow/ingest"
	"winnow/ingest/auth0"
	"winnow/ingest/ping"
	"winnow/ingest/scim"
	"winnow/internal/config"
)

func openPing(c config.Source) (ingest.Source, error) {
	if c.Dir != "" {
		return ping.Saved(c.Dir, nil), nil
	}
	secret, err := c.ClientSecret.Reveal()
	if err != nil {
		return nil, err
	}
	return ping.New(ping.Config{EnvironmentID: c.EnvironmentID, ClientID: c.ClientID, ClientSecret: secret,
		Region: c.Region, APIURL: c.URL, AuthURL: c.AuthURL})
}

func openAuth0(c config.Source) (ingest.Source, error) {
	if c.Dir != "" {
		return auth0.Saved(c.Dir, nil), nil
	}
	secret, errSecret := c.ClientSecret.Reveal()
	token, errToken := c.AccessToken.Reveal()
	if err := errors.Join(errSecret, errToken); err != nil {
		return nil, err
	}
	return auth0.New(auth0.Config{TenantURL: c.URL, ClientID: c.ClientID, ClientSecret: secret, AccessToken: token, Audience: c.Audience})
}

func openSCIM(c config.Source) (ingest.Source, error) {
	if c.Dir != "" {
		return scim.Saved(c.Dir, nil), nil
	}
	password, errPassword := c.Password.Reveal()
	token, errToken := c.AccessToken.Reveal()
	if err := errors.Join(errPassword, errToken); err != nil {
		return nil, err
	}
	return scim.New(scim.Config{BaseURL: c.URL, AccessToken: token, Username: c.Username, Password: password})
}
