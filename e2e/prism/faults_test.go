//go:build prism

package prism

// Why a null is right although a specification does not say so.
const (
	ownExample = "the specification's own example of the log has null here"
	recorded   = "exchanges with the platform that others recorded have null here"
	noClient   = "what the platform does by itself has no client; a log tool's fixtures, written after the vendor's documents, have null here"
)

// oktaExcuses are the faults of Okta's specification of management, beside those
// that mendOkta corrects.
var oktaExcuses = []excuse{
	// Events: most of what is absent is null. Enumerated fields are faulted twice,
	// for the type and for the value.
	null(logs, `\.actor\.detailEntry$`, ownExample),
	null(logs, `\.target\.\*\.detailEntry$`, ownExample),
	null(logs, `\.target$`, "events without a target have null, as recorded"),
	null(logs, `\.authenticationContext\.authenticationProvider$`, ownExample),
	null(logs, `\.authenticationContext\.credentialProvider$`, ownExample),
	null(logs, `\.authenticationContext\.credentialType$`, ownExample),
	null(logs, `\.authenticationContext\.interface$`, ownExample),
	null(logs, `\.authenticationContext\.issuer$`, ownExample),
	null(logs, `\.client\.id$`, ownExample),
	null(logs, `\.client\.zone$`, ownExample),
	null(logs, `\.client\.geographicalContext$`, recorded),
	null(logs, `\.client\.device$`, noClient),
	null(logs, `\.client\.ipAddress$`, noClient),
	null(logs, `\.client\.userAgent$`, noClient),
	null(logs, `\.outcome\.reason$`, ownExample),
	null(logs, `\.request\.ipChain\.\*\.source$`, ownExample),
	null(logs, `\.legacyEventType$`, recorded),

	null(`/api/v1/apps$`, `\.accessibility\.errorRedirectUrl$`, recorded),
	null(`/api/v1/apps$`, `\.accessibility\.loginRedirectUrl$`, recorded),
	null(`/api/v1/apps/[^/]+/users`, `(^|\.)externalId$`, recorded),

	// Not the specification's faults: the company is hostile on purpose.
	{asked: `/users(/|$|\?)`, location: `\.profile\.firstName$`, message: "must NOT have more than", why: "the company has names that are longer than the platform takes, so that readers are tried"},
	null(`/users(/|$|\?)`, `\.profile\.employeeNumber$`, "attributes of the profile that are not set may be null, as recorded of mobilePhone and secondEmail"),
	null(logs, `\.authenticationContext\.externalSessionId$`, "the company leaves out the session of what the platform does by itself; no recording shows it"),
}

const logs = `/api/v1/logs$`

// graphExcuses are the faults of Graph's specifications, beside those that
// mendGraph corrects.
var graphExcuses = []excuse{
	null(`/v1\.0/users$`, `\.signInActivity$`, metadata),
	null(audits, `\.initiatedBy\.user$`, metadata),
	null(audits, `\.targetResources\.\*\.groupType$`, metadata),
	{asked: `^PATCH /v1\.0/users/`, location: `^response`, message: "must be object", why: noContent},
	{asked: `^PATCH /v1\.0/users/`, location: `^response$`, message: "media type", why: noContent},
}

const (
	audits   = `/auditLogs/directoryAudits$`
	metadata = "the service's metadata (graph-v1.0.csdl) lets it be null, which a reference of OpenAPI 3.0 cannot say"
)

const noContent = "the document of this request says 204 No Content; the specification describes an answer with a body for every success"

// governanceExcuses are the faults of Okta's specification of Identity Governance.
var governanceExcuses = []excuse{
	{asked: `/principal-entitlements/history$`, location: `\.endDate$`, message: "must match format", why: "the specification's own example has the empty text for what has no end"},
}
