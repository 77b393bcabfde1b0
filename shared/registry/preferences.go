package registry

import "regexp"

// Preferences are how pages are shown to an account. What is empty was not chosen.
type Preferences struct {
	Language string `json:"language,omitempty"` // BCP 47
	Theme    string `json:"theme,omitempty"`    // light, dark or auto
	Timezone string `json:"timezone,omitempty"` // IANA
}

// The forms of a language tag (RFC 5646) and of the name of a time zone. That there is such a
// language, or place, the tables of neither are carried along for.
var (
	languageForm = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$`)
	timezoneForm = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]{0,30}(/[A-Za-z0-9_+-]{1,30}){0,2}$`)
)

// Check says what is wrong with each preference that was chosen, by its name.
func (p Preferences) Check() (wrong Fields) {
	if p.Language != "" && !languageForm.MatchString(p.Language) {
		wrong.Add("language", "must be a language tag such as en or de-CH")
	}
	if p.Theme != "" && p.Theme != "light" && p.Theme != "dark" && p.Theme != "auto" {
		wrong.Add("theme", "must be light, dark or auto")
	}
	if p.Timezone != "" && !timezoneForm.MatchString(p.Timezone) {
		wrong.Add("timezone", "must be the name of a time zone such as Europe/Zurich")
	}
	return wrong
}
