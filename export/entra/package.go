package entra

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"winnow/export"
	"winnow/internal/access"
)

// PackageName is the sink of requests for access packages.
const PackageName = "entra_package"

// A PackageRequest writes requests for the access packages that people lack.
type PackageRequest struct {
	Source   access.SourceName
	TenantID string
	Policies map[string]string // id of the policy by which each package is asked for, by the package's id; others are left out
}

// Name returns the sink's name.
func (s PackageRequest) Name() string { return PackageName }

// Check reports ids that are none.
func (s PackageRequest) Check() error {
	if s.TenantID == "" {
		return errors.New("set up " + PackageName + ": the tenant's id is missing")
	}
	for pack, policy := range s.Policies {
		if !guid.MatchString(pack) || !guid.MatchString(policy) {
			return access.WithHint(fmt.Errorf("set up %s: package %s with policy %s: both must be ids", PackageName, export.Quoted(pack), export.Quoted(policy)),
				"they are on the package's pages in the Entra admin centre")
		}
	}
	return nil
}

// packageRequest is the body of POST assignmentRequests.
type packageRequest struct {
	RequestType string `json:"requestType"`
	Assignment  struct {
		TargetID string `json:"targetId"`
		PolicyID string `json:"assignmentPolicyId"`
		Package  string `json:"accessPackageId"`
	} `json:"assignment"`
}

// Plan writes one request for each grant of an access package that is firm
// enough. The others become omissions.
func (s PackageRequest) Plan(in export.Input) (export.Proposal, error) {
	grants, p := export.Grants(in, PackageName, s.Source, func(f *export.Flag) string {
		switch {
		case f.Recommendation.EntitlementKind != "access_package":
			return "only access packages are asked for"
		case s.Policies[f.Resource] == "":
			return "no policy is configured by which the access package is asked for"
		case !guid.MatchString(f.User) || !guid.MatchString(f.Resource):
			return "the id is not of the form that Entra gives"
		}
		return ""
	})
	for _, f := range grants {
		o, err := s.operation(f)
		if err != nil {
			return export.Proposal{}, err
		}
		p.Operations = append(p.Operations, o)
	}
	return p, nil
}

func (s PackageRequest) operation(f export.Flag) (access.Operation, error) {
	ask := packageRequest{RequestType: "adminAdd"}
	ask.Assignment.TargetID, ask.Assignment.PolicyID, ask.Assignment.Package = f.User, s.Policies[f.Resource], f.Resource
	body, err := json.Marshal(ask)
	if err != nil {
		return access.Operation{}, err
	}
	stands := func(want access.Want, text string) []access.Condition {
		return []access.Condition{{Text: text, Path: packages + "assignments?$expand=target,accessPackage", List: "value", Want: want,
			Where: []access.Field{{Key: "target.objectId", Value: f.User}, {Key: "accessPackage.id", Value: f.Resource}, {Key: "state", Value: "delivered"}}}}
	}
	r := f.Recommendation
	return access.Operation{
		Kind: access.OperationGrant, Source: s.Source, Tenant: s.TenantID, Request: access.Request{Method: http.MethodPost, Path: packages + "assignmentRequests", Body: body},
		Note:              "ask for the access package " + export.Quoted(r.EntitlementName) + " for " + export.Quoted(r.IdentityName),
		RecommendationIDs: []string{r.RecommendationID},
		Subject:           &access.Subject{IdentityID: r.IdentityID, AccountID: r.AccountID, EntitlementID: r.EntitlementID, ManagerID: r.Manager},
		Preconditions:     stands(access.Absent, "the access package is not assigned"),
		Verify:            stands(access.Present, "the access package is assigned"),
		Reversible:        true,
		Inverse:           []access.Request{{Method: http.MethodPost, Path: packages + "assignmentRequests/{answer.id}/microsoft.graph.cancel"}},
		Lost:              "a package that was delivered already is not taken back by this: a plan of its own ends it",
	}, nil
}
