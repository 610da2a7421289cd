package entra

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"winnow/internal/access"

	"winnow/export"
)

// defaultAccess is the app role that stands for access without a role.
const defaultAccess = "00000000-0000-0000-0000-000000000000"

// appRole splits the id of an app role, app, a slash, role; an app alone is
// given by the empty role.
func appRole(id string) (app, role string) {
	app, role, found := strings.Cut(id, "/")
	if !found {
		role = defaultAccess
	}
	return app, role
}

func assignedTo(app string) string { return "/v1.0/servicePrincipals/" + app + "/appRoleAssignedTo" }

// assign is what gives an app role.
func assign(app, role, user string) (access.Request, error) {
	body, err := json.Marshal(map[string]string{"principalId": user, "resourceId": app, "appRoleId": role})
	return access.Request{Method: http.MethodPost, Path: assignedTo(app), Body: body}, err
}

// assigned is the condition that the user was given an app role.
func assigned(user string, want access.Want, where ...access.Field) access.Condition {
	return listed("the user was given the app role", "the user was not given the app role",
		"/v1.0/users/"+user+"/appRoleAssignments?$top=999", want, where...)
}

func removeAppRole(c export.Change) (access.Operation, error) {
	app, role := appRole(c.Target)
	back, err := assign(app, role, c.User)
	if err = errors.Join(err, fits(app, role, c.Edit.NativeRef)); err != nil {
		return access.Operation{}, err
	}
	own := access.Field{Key: "id", Value: c.Edit.NativeRef}
	// A role that is given back is another assignment, with another id: what is
	// so afterwards must not be told by the id.
	same := []access.Field{{Key: "resourceId", Value: app}, {Key: "appRoleId", Value: role}}
	return access.Operation{Request: access.Request{Method: http.MethodDelete, Path: assignedTo(app) + "/" + c.Edit.NativeRef}, Note: c.Note("take %[2]s from %[1]s"),
		Preconditions: []access.Condition{assigned(c.User, access.Present, own)}, Verify: []access.Condition{assigned(c.User, access.Absent, same...)},
		Reversible: true, Inverse: []access.Request{back}, Lost: "the assignment's own id, and what the app may delete when it hears of it"}, nil
}

func addAppRole(c export.Change) (access.Operation, error) {
	app, role := appRole(c.Target)
	r, err := assign(app, role, c.User)
	if err = errors.Join(err, fits(app, role)); err != nil {
		return access.Operation{}, err
	}
	where := []access.Field{{Key: "resourceId", Value: app}, {Key: "appRoleId", Value: role}}
	return access.Operation{Request: r, Note: c.Note("give %s %s"), Preconditions: []access.Condition{assigned(c.User, access.Absent, where...)},
		Verify: []access.Condition{assigned(c.User, access.Present, where...)}, Reversible: true,
		Inverse: []access.Request{{Method: http.MethodDelete, Path: assignedTo(app) + "/{answer.id}"}}}, nil
}

// schedule is the body of a request about a directory role.
type schedule struct {
	Action         string        `json:"action"`
	PrincipalID    string        `json:"principalId"`
	RoleID         string        `json:"roleDefinitionId"`
	DirectoryScope string        `json:"directoryScopeId"`
	Justification  string        `json:"justification"`
	Info           *scheduleInfo `json:"scheduleInfo,omitempty"`
}

type scheduleInfo struct {
	Expiration struct {
		Type string `json:"type"`
	} `json:"expiration"`
}

// removeRole ends a directory role, or the right to activate it, over one part
// of the directory.
func removeRole(c export.Change) (access.Operation, error) {
	requests, held, what := "roleAssignmentScheduleRequests", "roleAssignments", "the directory role %[2]s"
	if c.Edit.Kind == access.RemoveEligibility {
		requests, held, what = "roleEligibilityScheduleRequests", "roleEligibilityScheduleInstances", "the right to activate the directory role %[2]s"
	}
	ask := schedule{Action: "adminRemove", PrincipalID: c.User, RoleID: c.Target, DirectoryScope: c.Edit.Scope,
		Justification: "recommendation " + c.Recommendation.RecommendationID}
	back := ask
	back.Action, back.Justification, back.Info = "adminAssign", "undo of recommendation "+c.Recommendation.RecommendationID, &scheduleInfo{}
	back.Info.Expiration.Type = "noExpiration"
	body, errAsk := json.Marshal(ask)
	undo, errUndo := json.Marshal(back)
	if err := errors.Join(errAsk, errUndo, fits(c.Target)); err != nil {
		return access.Operation{}, err
	}
	if c.Edit.Scope == "" {
		return access.Operation{}, errors.New("it is not known over which part of the directory the role is given")
	}
	const base = "/v1.0/roleManagement/directory/"
	where := []access.Field{{Key: "roleDefinitionId", Value: c.Target}, {Key: "directoryScopeId", Value: c.Edit.Scope}}
	holds := func(want access.Want) access.Condition {
		return listed("the user holds the role", "the user does not hold the role", base+held+"?$filter=principalId%20eq%20'"+c.User+"'", want, where...)
	}
	return access.Operation{Request: access.Request{Method: http.MethodPost, Path: base + requests, Body: body}, Privileged: true,
		Note: c.Note("take " + what + " from %[1]s"), Preconditions: []access.Condition{holds(access.Present)}, Verify: []access.Condition{holds(access.Absent)},
		Reversible: true, Inverse: []access.Request{{Method: http.MethodPost, Path: base + requests, Body: undo}},
		Lost: "an end that the assignment may have had: it is given back without one"}, nil
}

const packages = "/v1.0/identityGovernance/entitlementManagement/"

// removePackage ends an assignment of an access package. The platform answers at
// once and works on: the state of the assignment tells when it is done.
func removePackage(c export.Change) (access.Operation, error) {
	id, policy := c.Edit.NativeRef, c.Edit.Scope
	via := c.Edit.ViaID[strings.IndexByte(c.Edit.ViaID, ':')+1:]
	type assignment struct {
		ID      string `json:"id,omitempty"`
		Target  string `json:"targetId,omitempty"`
		Policy  string `json:"assignmentPolicyId,omitempty"`
		Package string `json:"accessPackageId,omitempty"`
	}
	type request struct {
		Type       string     `json:"requestType"`
		Assignment assignment `json:"assignment"`
	}
	body, errBody := json.Marshal(request{"adminRemove", assignment{ID: id}})
	back, errBack := json.Marshal(request{"adminAdd", assignment{Target: c.User, Policy: policy, Package: via}})
	if err := errors.Join(errBody, errBack, fits(id, policy, via)); err != nil {
		return access.Operation{}, err
	}
	// Asked of the list, for the package that is given back has another assignment.
	list := packages + "assignments?$expand=accessPackage,target&$filter=" + strings.ReplaceAll("target/objectId eq '"+c.User+"' and accessPackage/id eq '"+via+"'", " ", "%20")
	given := func(want access.Want) access.Condition {
		return listed("the access package is assigned to the user", "the access package is no longer assigned to the user", list, want, access.Field{Key: "state", Value: "delivered"})
	}
	return access.Operation{Request: access.Request{Method: http.MethodPost, Path: packages + "assignmentRequests", Body: body},
		Note: c.Note("end the access package " + export.Quote(c.Edit.ViaName, via) + " of %s, and with it %s"), Preconditions: []access.Condition{given(access.Present)}, Verify: []access.Condition{given(access.Absent)},
		Reversible: true, Inverse: []access.Request{{Method: http.MethodPost, Path: packages + "assignmentRequests", Body: back}},
		Lost: "the answers that were given when the package was asked for, and an end that its assignment may have had"}, nil
}
