package api

import (
	"slices"
	"strings"
	"time"

	"github.com/boxvault/boxvault/shared/registry"
)

// FromBox tells about a box.
func FromBox(b registry.Box) Box {
	return Box{
		ID: int64(b.ID), Name: b.Name, Organization: b.Organization, Tag: b.Tag(),
		Description: b.Description, ShortDescription: b.ShortDescription, Readme: b.Readme,
		IsPublic: b.Public, Published: !b.Unpublished, GithubRepo: b.GithubRepo,
		WorkflowFile: b.WorkflowFile, CICDURL: b.CICDURL, Metadata: b.Metadata, UserID: int64(b.Creator), OrganizationID: int64(b.OrganizationID),
		CreatedAt: b.CreatedAt, UpdatedAt: b.UpdatedAt, Revised: At(b.Revision),
	}
}

// FromVersion tells about a version and all in it.
func FromVersion(v registry.Version) Version {
	return Version{
		ID: int64(v.ID), VersionNumber: string(v.Number), Description: v.Description,
		ReleaseNotes: v.ReleaseNotes, Status: string(v.Status), BoxID: int64(v.Box),
		Deprecated: v.Deprecated, DeprecationReason: v.DeprecationReason,
		CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, Revised: At(v.Revision),
		Providers: each(v.Providers, func(p registry.Provider) Provider { return FromProvider(v.ID, p) }),
	}
}

// FromProvider tells about a provider of a version and its architectures.
func FromProvider(version registry.ID, p registry.Provider) Provider {
	return Provider{
		ID: int64(p.ID), Name: p.Name, Description: p.Description, VersionID: int64(version),
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
		Architectures: each(p.Architectures, func(a registry.Architecture) Architecture { return FromArchitecture(p.ID, a) }),
	}
}

// FromArchitecture tells about an architecture of a provider and its file.
func FromArchitecture(provider registry.ID, a registry.Architecture) Architecture {
	files := []File{}
	if a.File != nil {
		files = append(files, FromFile(*a.File))
	}
	return Architecture{
		ID: int64(a.ID), Name: a.Name, Description: a.Description, DefaultBox: a.Default,
		ProviderID: int64(provider), CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt, Files: files,
	}
}

// FromFile tells about a file.
func FromFile(f registry.File) File {
	sum := f.Checksum()
	return File{
		ID: int64(f.ID), FileName: f.Name, FileSize: f.Size, Checksum: sum.Sum, ChecksumType: strings.ToUpper(sum.Type),
		Contents: string(f.Contents), Warning: f.Note, UploadedBy: f.UploadedBy, CreatedAt: f.UploadedAt,
	}
}

// FromOrganization tells about an organization; role is the caller's.
func FromOrganization(o registry.Organization, role registry.Role) Organization {
	return Organization{
		ID: int64(o.ID), Name: o.Name, Description: o.Description, Email: o.Email, Role: role.String(),
		AccessMode: string(o.Mode()), DefaultRole: o.Joining().String(), Members: o.Members, Suspended: o.Suspended,
		RequireBoxes: o.Policy.RequireBoxes, MutableReleases: o.Policy.MutableReleases,
		ServiceAccountsCreateBoxes: o.Policy.ServiceAccountsCreateBoxes,
		CreatedAt:                  o.CreatedAt, UpdatedAt: o.UpdatedAt, Revised: At(o.Revision),
	}
}

// FromMember tells about a membership, seen from the organization.
func FromMember(m registry.Membership) Member {
	return Member{ID: int64(m.Account), Username: m.Username, Role: m.Role.String(), JoinedAt: m.JoinedAt}
}

// FromServiceAccount tells about a service account, without its token.
func FromServiceAccount(s registry.ServiceAccount) ServiceAccount {
	var expires *time.Time
	if !s.ExpiresAt.IsZero() {
		expires = &s.ExpiresAt
	}
	return ServiceAccount{
		ID: int64(s.ID), Username: s.Username, ExpiresAt: expires, Description: s.Description,
		Organization: s.Organization, OrganizationID: int64(s.OrganizationID), UserID: int64(s.Owner),
		CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
	}
}

// FromAccount tells about an account to its owner.
func FromAccount(a registry.Account, memberships []registry.Membership) User {
	u := User{
		ID: int64(a.ID), Username: a.Username, Email: a.Email, Name: a.Name, Verified: a.Verified,
		Roles: PlatformRoles(a.Admin), Organizations: FromMemberships(a, memberships),
	}
	if m := registry.PrimaryOf(a, memberships); m != nil {
		u.Organization = &m.Organization
	}
	return u
}

// FromMemberships tells about memberships, seen from the account.
func FromMemberships(a registry.Account, list []registry.Membership) []UserOrganization {
	primary := registry.PrimaryOf(a, list)
	return each(list, func(m registry.Membership) UserOrganization {
		return UserOrganization{
			Name: m.Organization, Role: m.Role.String(),
			IsPrimary: m.OrganizationID == primary.OrganizationID, JoinedAt: m.JoinedAt,
		}
	})
}

// Each maps a list of records to a list of their wire forms, which is never null.
func Each[A, B any](list []A, one func(A) B) []B { return each(list, one) }

func each[A, B any](list []A, one func(A) B) []B {
	out := make([]B, len(list))
	for i := range list {
		out[i] = one(list[i])
	}
	return slices.Clip(out)
}
