package entra

import (
	"net/http"
	"strconv"

	"winnow/internal/fake/folder"
)

// A change is a modified property of a target: JSON as text, as the log has it.
type change struct{ name, from, to string }

// target is what an audit is about.
func target(kind string, it item, changes ...change) object {
	props := []object{}
	for _, c := range changes {
		props = append(props, object{keyName: c.name, "oldValue": orNull(c.from), "newValue": orNull(c.to)})
	}
	o := object{"id": it.id, keyName: orNull(it.text(keyName)), keyType: kind, keyLogin: nil, "groupType": nil, "modifiedProperties": props}
	if kind == kindUser {
		o[keyLogin] = orNull(it.text(keyLogin))
	}
	if kind == kindGroup {
		o["groupType"] = "azureAD"
		if unified(it) {
			o["groupType"] = "unifiedGroups"
		}
	}
	return o
}

// added and removed tell a property that came or went, its value quoted.
func added(name, value string) change   { return change{name: name, to: strconv.Quote(value)} }
func removed(name, value string) change { return change{name: name, from: strconv.Quote(value)} }

// audit appends an entry to the log of the directory.
func (s *Server) audit(activity, category, operation string, targets ...object) {
	s.entry("Core Directory", activity, category, operation, targets)
}

// entry appends an entry of a service.
func (s *Server) entry(service, activity, category, operation string, targets []object) {
	now := s.now()
	body := folder.Marshal(object{"id": "Directory_" + guid() + "_WINNOW_" + strconv.Itoa(len(s.data["directory_audits"])), "category": category, "correlationId": guid(),
		"result": "success", "resultReason": "", "activityDisplayName": activity, "activityDateTime": stamp(now),
		"loggedByService": service, "operationType": operation, "targetResources": targets, "additionalDetails": []object{},
		"initiatedBy": object{"user": nil, "app": object{"appId": orNull(s.opt.ClientID), keyName: "winnow",
			"servicePrincipalId": orNull(s.opt.ClientID), "servicePrincipalName": nil}}})
	it, err := parse(body, "activityDateTime", false)
	if err != nil {
		panic(err) // it was marshalled here
	}
	s.data["directory_audits"] = append(s.data["directory_audits"], it)
}

// orNull is null for the empty text.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// done answers a write that has nothing to say.
func done(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }
