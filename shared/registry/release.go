package registry

import (
	"errors"
	"time"
)

// The rules of releasing, revoking and deprecating a version.

// Release makes the version one that is listed to everyone, and reports whether it was not so before.
// Conflict when it has no file.
func (v *Version) Release(now time.Time) (changed bool, err error) {
	if v.Status == Active {
		return false, nil
	}
	if len(v.Files()) == 0 {
		return false, Errorf(Conflict, "version %s has no file yet: upload one, then release it", v.Number)
	}
	v.Status, v.Hold, v.UpdatedAt = Active, false, now
	return true, nil
}

// Revoke takes a released version back, and reports whether it was not so before: only members still
// see and download it. It can be released again. Conflict when it was never released.
func (v *Version) Revoke(now time.Time) (changed bool, err error) {
	switch v.Status {
	case Revoked:
		return false, nil
	case Unreleased:
		return false, Errorf(Conflict, "version %s is not released", v.Number)
	}
	v.Status, v.UpdatedAt = Revoked, now
	return true, nil
}

// Begin gives a new version a state other than unreleased: it may have been revoked before it came here.
func (v *Version) Begin(s Status) error {
	switch s {
	case "", Unreleased:
	case Revoked:
		v.Status = Revoked
	default:
		return errors.New("must be unreleased or revoked")
	}
	return nil
}

// maxReason is the most characters that the reason of a deprecation has.
const maxReason = 512

// Deprecate warns of the version, or no longer does, and reports whether it began to. What is nil
// stays as it is; a reason is kept for the next time. The error says what is wrong with the reason.
func (v *Version) Deprecate(deprecated *bool, reason *string) (began bool, err error) {
	before := v.Deprecated
	if deprecated != nil {
		v.Deprecated = *deprecated
	}
	if reason != nil {
		v.DeprecationReason = *reason
	}
	if v.Deprecated && v.DeprecationReason == "" {
		return false, errors.New("must not be empty: say why, and what to use instead")
	}
	return v.Deprecated && !before, CheckText(v.DeprecationReason, maxReason)
}

// Notice is the version's description, behind the warning of a deprecated one.
func (v Version) Notice() string {
	switch {
	case !v.Deprecated:
		return v.Description
	case v.Description == "":
		return "Deprecated: " + v.DeprecationReason
	default:
		return "Deprecated: " + v.DeprecationReason + "\n\n" + v.Description
	}
}
