package catalog

import (
	"time"

	"github.com/boxvault/boxvault/shared/itemstore"
	"github.com/boxvault/boxvault/shared/registry"
)

// Every key that the store ever sees is made here.
//
//	partition                 sort                    document
//	system                    first-account           firstAccount: who became platform admin
//	account#ID                account                 registry.Account
//	account#ID                member#ORG              registry.Membership (the same as below)
//	account#ID                service#ID              registry.ServiceAccount, for the owner's list
//	login#NAME                login                   login: whose user name or client id it is
//	email#ADDRESS             email                   login: whose address it is
//	session#ID                ended                   marks a session that was signed out
//	service#ID                service                 registry.ServiceAccount
//	token#SHA256              token                   registry.ServiceAccount, found by its secret
//	organization#ORG          organization            registry.Organization
//	organization#ORG          member#ID               registry.Membership
//	organization#ORG          service#ID              registry.ServiceAccount, for the organization's list
//	boxes#ORG                 BOX                     registry.Box less its readme, for lists
//	box#ORG/BOX               box                     registry.Box
//	box#ORG/BOX               moved                   moved: the box whose versions are here under another name
//	box#ORG/BOX               version#NUMBER          registry.Version, with providers, architectures, files
//	counts#BOXID              FILEID                  a count of downloads
//	uploads#BOXID             upload#UPLOADID         registry.Upload
//	uploads#BOXID             chunked#…               chunked: the upload that chunks belong to
//	due                       TIME#ID                 Due: work for the janitor
//
// ORG, BOX and NAME are folded (registry.Fold), NUMBER is registry.Number.Key. A box and its
// versions share a partition, so that all of Vagrant's metadata is one Query. Service accounts
// never change, so their copies cannot disagree.

func accountKey(id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: "account#" + id.String(), Sort: "account"}
}

func accountMemberKey(id registry.ID, organization string) itemstore.Key {
	return itemstore.Key{Partition: accountKey(id).Partition, Sort: memberPrefix + registry.Fold(organization)}
}

func accountServiceKey(owner, id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: accountKey(owner).Partition, Sort: servicePrefix + id.String()}
}

const (
	memberPrefix  = "member#"
	servicePrefix = "service#"
	versionPrefix = "version#"
	uploadPrefix  = "upload#"
)

func loginKey(username string) itemstore.Key {
	return itemstore.Key{Partition: "login#" + registry.Fold(username), Sort: "login"}
}

func emailKey(address string) itemstore.Key {
	return itemstore.Key{Partition: "email#" + registry.Fold(address), Sort: "email"}
}

func endedKey(session string) itemstore.Key {
	return itemstore.Key{Partition: "session#" + session, Sort: "ended"}
}

func serviceKey(id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: "service#" + id.String(), Sort: "service"}
}

func tokenKey(hash string) itemstore.Key {
	return itemstore.Key{Partition: "token#" + hash, Sort: "token"}
}

func organizationKey(name string) itemstore.Key {
	return itemstore.Key{Partition: "organization#" + registry.Fold(name), Sort: "organization"}
}

func memberKey(organization string, id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: organizationKey(organization).Partition, Sort: memberPrefix + id.String()}
}

func organizationServiceKey(organization string, id registry.ID) itemstore.Key {
	return itemstore.Key{Partition: organizationKey(organization).Partition, Sort: servicePrefix + id.String()}
}

// home names the partition of a box by its first name.
func home(organization, box string) string {
	return registry.Fold(organization) + "/" + registry.Fold(box)
}

func boxKey(organization, box string) itemstore.Key {
	return itemstore.Key{Partition: "box#" + home(organization, box), Sort: "box"}
}

func movedKey(home string) itemstore.Key {
	return itemstore.Key{Partition: "box#" + home, Sort: "moved"}
}

func boxListKey(organization, box string) itemstore.Key {
	return itemstore.Key{Partition: "boxes#" + registry.Fold(organization), Sort: registry.Fold(box)}
}

func versionKey(home string, n registry.Number) itemstore.Key {
	return itemstore.Key{Partition: "box#" + home, Sort: versionPrefix + n.Key()}
}

func countKey(box, file registry.ID) itemstore.Key {
	return itemstore.Key{Partition: "counts#" + box.String(), Sort: file.String()}
}

func uploadKey(box registry.ID, id string) itemstore.Key {
	return itemstore.Key{Partition: "uploads#" + box.String(), Sort: uploadPrefix + id}
}

// chunkedKey finds the upload that a chunk belongs to: chunks carry no upload id.
func chunkedKey(box, account registry.ID, t registry.Target, chunks int) itemstore.Key {
	sort := "chunked#" + account.String() + "#" + t.Version.Key() + "#" + registry.Fold(t.Provider) +
		"#" + registry.Fold(t.Architecture) + "#" + registry.ID(chunks).String()
	return itemstore.Key{Partition: "uploads#" + box.String(), Sort: sort}
}

func dueKey(at time.Time, id string) itemstore.Key {
	return itemstore.Key{Partition: "due", Sort: dueTime(at) + "#" + id}
}

// dueTime sorts as text in the order of time.
func dueTime(at time.Time) string { return at.UTC().Format("20060102T150405.000Z") }

var firstAccountKey = itemstore.Key{Partition: "system", Sort: "first-account"}
