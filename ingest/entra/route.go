package entra

import (
	"bytes"
	"strings"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// Route names the stream to which a line of a saved log belongs, by its form:
//
//   - Graph's signIn, by its status: sign_ins, or sign_ins_noninteractive where
//     a client signed in on a person's behalf
//   - Graph's signIn of a service principal or managed identity, by its
//     servicePrincipalId without a user: sign_ins_service_principal or
//     sign_ins_managed_identity
//   - Graph's directoryAudit: directory_audits
//   - Azure Monitor's envelope: sign_ins_export or audits_export by category
//   - the Office 365 management form: sign_ins_export for sign-ins, else
//     audits_export
//
// It returns the empty string, which keeps the line in the stream of its file,
// for lines of inventory and for forms that it does not know. What such a line
// lacks is then said by the stream's shape, or by its model.
func Route(stream access.StreamName, line []byte) access.StreamName {
	if !isLog(stream) {
		return ""
	}
	at := func(path string) string { return lake.TextAt(line, path) }
	switch {
	case at("createdDateTime") != "" && at("userId") == "" && at("servicePrincipalId") != "":
		return machineForm(stream, line)
	case at("createdDateTime") != "" && (at("status.errorCode") != "" || at("userId") != ""):
		return signInForm(stream, at("isInteractive"), line)
	case at("activityDateTime") != "" && at("activityDisplayName") != "":
		return DirectoryAudits
	case at("CreationTime") != "" && strings.HasPrefix(at("Operation"), "UserLog"):
		return SignInsExport
	case at("CreationTime") != "" && at("Operation") != "":
		return AuditsExport
	case strings.HasSuffix(at("category"), "SignInLogs"):
		return SignInsExport
	case at("properties.activityDisplayName") != "":
		return AuditsExport
	}
	return ""
}

// isLog reports whether a stream is a log.
func isLog(stream access.StreamName) bool {
	for _, e := range endpoints {
		if e.Name == stream {
			return e.Time != ""
		}
	}
	return false
}

// machineForm tells managed identities from other service principals. A file
// of either name decides where the line does not.
func machineForm(stream access.StreamName, line []byte) access.StreamName {
	if bytes.Contains(line, []byte(`"managedIdentity"`)) || stream == SignInsManagedIdentity {
		return SignInsManagedIdentity
	}
	return SignInsServicePrincipal
}

// signInForm tells interactive sign-ins from the others. The beta endpoint says
// it twice; v1.0 says it once; a file of either name decides where neither does.
func signInForm(stream access.StreamName, interactive string, line []byte) access.StreamName {
	switch {
	case interactive == "true":
		return SignIns
	case interactive == "false" || bytes.Contains(line, []byte(`"nonInteractiveUser"`)):
		return SignInsNoninteractive
	case stream == SignInsNoninteractive:
		return SignInsNoninteractive
	}
	return SignIns
}
